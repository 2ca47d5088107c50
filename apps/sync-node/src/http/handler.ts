import type { OpenAPIHono } from '@hono/zod-openapi';
import { PERSON_HEADER } from '@meldesync/protocol';
import { answerReadiness, type Logger, READINESS_PATH, type Readiness } from '@meldesync/telemetry';
import type { Auth } from '../auth/auth.ts';
import type { AuthReports } from '../auth/auth-reports.ts';
import { authenticate, isOfAnother } from '../auth/authenticate.ts';
import { type PasswordChecks, PasswordChecksFullError } from '../auth/password-checks.ts';
import { judgeFailure } from '../core/judge-failure.ts';
import { databaseTrouble } from '../database-trouble.ts';
import type { ApiEnv } from './api-context.ts';
import { DESCRIPTION_PATH } from './api-description.ts';
import { addressHoldsNul, bodyHoldsNul } from './holds-nul.ts';
import { type PreparedAnswer, respondPrepared } from './prepared-answer.ts';
import { languageOf, problemResponse } from './problems.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { isSignInRoute, PASSWORD_PATH, SIGN_IN_PREFIX } from './sign-in-routes.ts';
import type { StaticFiles } from './static-files.ts';

export interface HandlerOptions {
  readonly api: OpenAPIHono<ApiEnv>;
  /** What the API says of itself. */
  readonly description: PreparedAnswer;
  readonly auth: Auth;
  readonly authReports: AuthReports;
  readonly passwords: PasswordChecks;
  readonly staticFiles: StaticFiles;
  readonly ready: () => Promise<Readiness>;
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
  if (pathname === READINESS_PATH) {
    const { status, body } = answerReadiness(await ready(), url);
    return new Response(body, { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
  }
  if (isSignInRoute(request.method, pathname)) return signIn(request, pathname, options);
  if (pathname.startsWith(SIGN_IN_PREFIX)) return problemResponse('not-found', languageOf(request.headers));
  if (pathname === DESCRIPTION_PATH && (request.method === 'GET' || request.method === 'HEAD'))
    return respondPrepared(description, request);
  if (pathname.startsWith('/api/')) return api.fetch(request);
  return staticFiles.answer(request) ?? problemResponse('not-found', languageOf(request.headers));
}

/** Who signs in may be anybody, whoever was signed in before. */
const SIGNING_IN = `${SIGN_IN_PREFIX}sign-in/`;

/** What Better Auth does not answer itself. */
async function signIn(request: Request, pathname: string, options: HandlerOptions): Promise<Response> {
  const { auth, authReports, passwords, logger } = options;
  try {
    // Said before anybody is looked up: `passwords` would refuse it all the same.
    if (pathname === PASSWORD_PATH && passwords.isFull) throw new PasswordChecksFullError();
    if (!pathname.startsWith(SIGNING_IN) && (await isForAnother(request, auth)))
      return problemResponse('signed-in-as-another', languageOf(request.headers));
    if (await bodyHoldsNul(request)) return problemResponse('bad-request', languageOf(request.headers));
    const answer = await authReports.listen(() => auth.handler(request));
    // It names people, and no browser is to write it down.
    answer.headers.set('cache-control', 'no-store');
    return answer;
  } catch (error) {
    const language = languageOf(request.headers);
    const { code, level } = judgeFailure(error, databaseTrouble);
    logger.event('sign-in-failed', { err: error }, level);
    return problemResponse(code, language);
  }
}

/** Only requests that say who they are of cost the look-up. */
async function isForAnother({ headers }: Request, auth: Auth): Promise<boolean> {
  if (!headers.has(PERSON_HEADER)) return false;
  const identity = await authenticate(auth, headers);
  return identity !== undefined && isOfAnother(identity, headers);
}
