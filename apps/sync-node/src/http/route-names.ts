import { READINESS_PATH } from '@meldesync/telemetry';
import { DESCRIPTION_PATH } from './api-description.ts';
import { findTemplates } from './path-templates.ts';
import { SIGN_IN_PATHS } from './sign-in-routes.ts';

/** What a path is called that belongs to no route: a path itself is never measured, for it may name records or people. */
const OTHER_ROUTE = 'other';
/** Files and pages of the web app. */
const WEB_ROUTE = '/*';

const FIXED: ReadonlySet<string> = new Set(['/healthz', READINESS_PATH, DESCRIPTION_PATH, ...SIGN_IN_PATHS]);

/**
 * Names the route of a request by its path and how it was answered: the template of the API's (`/api/v1/workspaces/{workspace}/records`),
 * `/*` for the web app, `other` for what there is not.
 * @param apiRoutes as the router has them, with `:parameter`
 */
export function createRouteNames(
  apiRoutes: readonly { readonly method: string; readonly path: string }[],
): (request: { readonly path: string; readonly status: number }) => string {
  // Middlewares stand among them, for all methods.
  const templates = apiRoutes.filter(({ method }) => method !== 'ALL').map(({ path }) => templateOf(path));
  const find = findTemplates(templates);
  return ({ path, status }) => {
    if (FIXED.has(path)) return path;
    if (!path.startsWith('/api/')) return status < 400 ? WEB_ROUTE : OTHER_ROUTE;
    return find(path) ?? OTHER_ROUTE;
  };
}

/** A parameter may have a pattern behind it. */
function templateOf(path: string): string {
  return path.replace(/:(\w+)(?:\{[^/]*\})?/g, '{$1}');
}
