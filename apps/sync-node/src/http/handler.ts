import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from '@meldesync/telemetry';
import type { Auth } from '../auth/auth.ts';
import type { AuthReports } from '../auth/auth-reports.ts';
import { judgeFailure } from '../core/judge-failure.ts';
import { databaseTrouble } from '../database-trouble.ts';
import type { ApiEnv } from './api-context.ts';
import { DESCRIPTION_PATH } from './api-description.ts';
import { SIGN_IN_PREFIX } from './body-limits.ts';
import { addressHoldsNul, bodyHoldsNul } from './holds-nul.ts';
import { type PreparedAnswer, respondPrepared } from './prepared-answer.ts';
import { languageOf, problemResponse } from './problems.ts';
import { withSecurityHeaders } from './security-headers.ts';
import type { StaticFiles } from './static-files.ts';

export interface HandlerOptions {
  readonly api: OpenAPIHono<ApiEnv>;
  /** What the API says of itself. */
  readonly description: PreparedAnswer;
  readonly auth: Auth;
  readonly authReports: AuthReports;
  readonly staticFiles: StaticFiles;
  /** Throws when the node cannot do its work. */
  readonly ready: () => Promise<void>;
  readonly logger: Logger;
}

/** Everything a node answers over HTTP: health, sign-in, API, and the web app on all other paths. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => withSecurityHeaders(await route(request, options));
}

async function route(request: Request, options: HandlerOptions): Promise<Response> {
  const { api, description, staticFiles, ready } = options;
  const url = new URL(request.url);
  const { pathname } = url;
  if (addressHoldsNul(url)) return problemResponse('bad-request', languageOf(request.headers));
  if (pathname === '/healthz') return new Response('ok\n');
  if (pathname === '/readyz') {
    return ready().then(
      () => new Response('ready\n'),
      (error: unknown) => new Response(`${error instanceof Error ? error.message : 'not ready'}\n`, { status: 503 }),
    );
  }
  if (pathname.startsWith(SIGN_IN_PREFIX)) return signIn(request, options);
  if (pathname === DESCRIPTION_PATH && (request.method === 'GET' || request.method === 'HEAD'))
    return respondPrepared(description, request);
  if (pathname.startsWith('/api/')) return api.fetch(request);
  return staticFiles.answer(request) ?? problemResponse('not-found', languageOf(request.headers));
}

/** What Better Auth does not answer itself. */
async function signIn(request: Request, { auth, authReports, logger }: HandlerOptions): Promise<Response> {
  try {
    if (await bodyHoldsNul(request)) return problemResponse('bad-request', languageOf(request.headers));
    return await authReports.listen(() => auth.handler(request));
  } catch (error) {
    const language = languageOf(request.headers);
    const { code, level } = judgeFailure(error, databaseTrouble);
    logger[level]({ err: error }, 'sign-in failed');
    return problemResponse(code, language);
  }
}
