import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Auth } from '../auth/auth.ts';
import type { ApiEnv } from './api-context.ts';
import { languageOf, problemResponse } from './problems.ts';
import { withSecurityHeaders } from './security-headers.ts';
import type { StaticFiles } from './static-files.ts';

export interface HandlerOptions {
  readonly api: OpenAPIHono<ApiEnv>;
  readonly auth: Auth;
  readonly staticFiles: StaticFiles;
  /** Throws when the node cannot do its work. */
  readonly ready: () => Promise<void>;
}

/** Everything a node answers over HTTP: health, sign-in, API, and the web app on all other paths. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => withSecurityHeaders(await route(request, options));
}

async function route(request: Request, { api, auth, staticFiles, ready }: HandlerOptions): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/healthz') return new Response('ok\n');
  if (pathname === '/readyz') {
    return ready().then(
      () => new Response('ready\n'),
      (error: unknown) => new Response(`${error instanceof Error ? error.message : 'not ready'}\n`, { status: 503 }),
    );
  }
  if (pathname.startsWith('/api/auth/')) return auth.handler(request);
  if (pathname.startsWith('/api/')) return api.fetch(request);
  return staticFiles.answer(request) ?? problemResponse('not-found', languageOf(request.headers));
}
