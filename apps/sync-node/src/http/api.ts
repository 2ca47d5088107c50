import { OpenAPIHono } from '@hono/zod-openapi';
import { ActRefusedError, getRole } from '@meldesync/db';
import { API_PREFIX, limitedRole } from '@meldesync/protocol';
import { HTTPException } from 'hono/http-exception';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import { isOpenWithoutSecondFactor } from '../auth/second-factor-policy.ts';
import type { Identity } from '../core/identity.ts';
import { RateLimitedError } from '../limits/rate-limited.ts';
import type { ApiEnv, ApiServices } from './api-context.ts';
import { createAuditExports } from './audit-exports.ts';
import { limitLinks, limitStrangers } from './limit-strangers.ts';
import { ApiError, findingsOf, languageOf, problemResponse, retryAfterOf } from './problems.ts';
import { accountRoutes } from './routes/account.ts';
import { administeredAccountRoutes } from './routes/administration-accounts.ts';
import { administrationEventRoutes } from './routes/administration-events.ts';
import { invitationRoutes } from './routes/administration-invitations.ts';
import { accountLinkRoutes } from './routes/administration-links.ts';
import { administeredMemberRoutes } from './routes/administration-members.ts';
import { serviceAccountRoutes } from './routes/administration-programs.ts';
import { retentionRoutes } from './routes/administration-retention.ts';
import { administeredWorkspaceRoutes } from './routes/administration-workspaces.ts';
import { auditRoutes } from './routes/audit.ts';
import { administeredAuditRoutes } from './routes/audit-administration.ts';
import { checksumRoutes } from './routes/checksum.ts';
import { conflictRoutes } from './routes/conflicts.ts';
import { deviceRoutes } from './routes/device.ts';
import { deviceSignInRoutes } from './routes/device-sign-in.ts';
import { ENTRY_PATHS, entryRoutes } from './routes/entry.ts';
import { exportRoutes } from './routes/exports.ts';
import { framesRoutes } from './routes/frames.ts';
import { importRoutes } from './routes/imports.ts';
import { lockRoutes } from './routes/locks.ts';
import { operationsRoutes } from './routes/operations.ts';
import { ownPasswordRoutes } from './routes/own-password.ts';
import { ownSessionRoutes } from './routes/own-sessions.ts';
import { recordLookUpRoutes } from './routes/record-lookups.ts';
import { recordRoutes } from './routes/records.ts';
import { snapshotRoutes } from './routes/snapshot.ts';
import { untoldRoutes } from './routes/untold.ts';
import { strangersTurn, withinBudget } from './within-budget.ts';
import { WORKSPACE_ID } from './workspace-id.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Where a terminal begins each of its commands. */
const BEGINNING = `${API_PREFIX}/me`;

/** Whether a request says that somebody is there: it changes something, or a terminal's command begins. Of a program each does. */
function countsAsInput(method: string, path: string, { kind }: Identity): boolean {
  if (kind === 'service') return true;
  return !SAFE_METHODS.has(method) || (kind === 'terminal' && path === BEGINNING);
}

/**
 * The HTTP API: every route but its own description, and what people come in by, is for signed-in people, under a workspace for its
 * members. Long because what every request passes through stands in its order.
 */
export function createHttpApi(services: ApiServices): OpenAPIHono<ApiEnv> {
  const api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const code = result.target === 'json' ? 'invalid-field' : 'bad-request';
      return problemResponse(code, c.get('language'), { errors: findingsOf(result.error.issues) });
    },
  });

  api.use(async (c, next) => {
    c.set('language', languageOf(c.req.raw.headers));
    c.header('cache-control', 'no-store');
    await next();
  });

  api.use(`${API_PREFIX}/*`, async (c, next) => {
    const { headers } = c.req.raw;
    if (!SAFE_METHODS.has(c.req.method) && !originAllowed(headers, services.origins))
      throw new ApiError('foreign-origin');
    if (ENTRY_PATHS.has(c.req.path)) {
      await limitStrangers(services.limits, c.req.raw);
      await next();
      return limitLinks(services.limits, c.req.raw, c.error);
    }
    const identity = await services.identify(headers);
    if (!identity) {
      await strangersTurn(services.budgets.strangers, headers);
      throw new ApiError('unauthenticated');
    }
    if (isOfAnother(identity, headers)) throw new ApiError('signed-in-as-another');
    services.limits.rates.ofRequest(identity.userId);
    c.set('identity', identity);
    const lacking = await services.secondFactor.lacking([identity.sessionId]);
    const isLacking = lacking.has(identity.sessionId);
    if (isLacking && !isOpenWithoutSecondFactor(c.req.path)) throw new ApiError('second-factor-needed');
    c.set('needsSecondFactor', isLacking);
    if (countsAsInput(c.req.method, c.req.path, identity)) services.noteInput(identity);
    for (const [name, value] of Object.entries(await services.renewSession(headers, identity))) c.header(name, value);
    return next();
  });

  const takeTurn = withinBudget(services.budgets);
  api.use(`${API_PREFIX}/*`, (c, next) => (ENTRY_PATHS.has(c.req.path) ? next() : takeTurn(c, next)));

  api.use(`${API_PREFIX}/workspaces/:workspace/*`, async (c, next) => {
    const workspace = c.req.param('workspace');
    const identity = c.get('identity');
    const held = WORKSPACE_ID.test(workspace)
      ? await getRole(services.database.drizzle, workspace, identity.userId)
      : undefined;
    const role = held && limitedRole(held, workspace, identity);
    if (!role) throw new ApiError('workspace-not-found');
    c.set('role', role);
    await next();
  });

  const routes = new OpenAPIHono<ApiEnv>();
  routes.defaultHook = api.defaultHook;
  accountRoutes(routes, services);
  ownSessionRoutes(routes, services);
  ownPasswordRoutes(routes, services);
  deviceSignInRoutes(routes, services);
  deviceRoutes(routes, services);
  snapshotRoutes(routes, services);
  framesRoutes(routes, services);
  recordRoutes(routes, services);
  recordLookUpRoutes(routes, services);
  conflictRoutes(routes, services);
  importRoutes(routes, services);
  exportRoutes(routes, services);
  lockRoutes(routes, services);
  operationsRoutes(routes, services);
  checksumRoutes(routes, services);
  untoldRoutes(routes, services);
  entryRoutes(routes, services);
  administeredWorkspaceRoutes(routes, services);
  administeredMemberRoutes(routes, services);
  invitationRoutes(routes, services);
  serviceAccountRoutes(routes, services);
  administeredAccountRoutes(routes, services);
  accountLinkRoutes(routes, services);
  administrationEventRoutes(routes, services);
  retentionRoutes(routes, services);
  const exports = createAuditExports(services);
  auditRoutes(routes, services, exports);
  administeredAuditRoutes(routes, services, exports);
  api.route(API_PREFIX, routes);

  api.notFound((c) => problemResponse('not-found', languageOf(c.req.raw.headers)));
  api.onError((error, c) => {
    const language = languageOf(c.req.raw.headers);
    if (error instanceof ApiError || error instanceof RateLimitedError)
      return problemResponse(error.code, language, error.extra, retryAfterOf(error));
    if (error instanceof ActRefusedError) return problemResponse(error.code, language);
    // A body that is no JSON, and the like: found by the router before any route.
    if (error instanceof HTTPException && error.status < 500)
      return problemResponse(error.status === 415 ? 'unsupported-media-type' : 'bad-request', language);
    const { code, extra, level } = services.answers.judgeFailure(error);
    services.logger.event('request-failed', { err: error, method: c.req.method, route: c.req.routePath }, level);
    return problemResponse(code, language, extra, retryAfterOf(error));
  });
  return api;
}
