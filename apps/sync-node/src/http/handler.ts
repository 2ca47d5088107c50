import type { OpenAPIHono } from '@hono/zod-openapi';
import { type ErrorCode, PERSON_HEADER } from '@meldesync/protocol';
import { answerReadiness, type Logger, READINESS_PATH, type Readiness } from '@meldesync/telemetry';
import { addressOf } from '../auth/address-of.ts';
import type { Auth } from '../auth/auth.ts';
import type { AuthReports } from '../auth/auth-reports.ts';
import { withAuthRequest } from '../auth/auth-request.ts';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import { checkedRequest } from '../auth/checked-request.ts';
import type { Identify } from '../auth/identify.ts';
import { type PasswordChecks, PasswordChecksFullError } from '../auth/password-checks.ts';
import type { SecondFactorPolicy } from '../auth/second-factor-policy.ts';
import { withoutTokens } from '../auth/session-answers.ts';
import type { SessionKeys } from '../auth/session-tokens.ts';
import { toSignIn } from '../auth/single-sign-on/back-from-provider.ts';
import type { SingleSignOn } from '../auth/single-sign-on/single-sign-on.ts';
import { judgeFailure } from '../core/judge-failure.ts';
import { databaseTrouble } from '../database-trouble.ts';
import type { ApiEnv } from './api-context.ts';
import { DESCRIPTION_PATH } from './api-description.ts';
import { addressHoldsNul, bodyHoldsNul } from './holds-nul.ts';
import { type PreparedAnswer, respondPrepared } from './prepared-answer.ts';
import { languageOf, problemResponse } from './problems.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { rememberShared } from './shared-device.ts';
import { withCodedRefusal } from './sign-in-problems.ts';
import {
  asksForMore,
  CALLBACK_PATH,
  isSignInRoute,
  needsRecentProof,
  PASSWORD_PATH,
  PROVIDER_LOGOUT_PATH,
  SIGN_IN_PREFIX,
} from './sign-in-routes.ts';
import type { StaticFiles } from './static-files.ts';

export interface HandlerOptions {
  readonly api: OpenAPIHono<ApiEnv>;
  /** What the API says of itself. */
  readonly description: PreparedAnswer;
  readonly auth: Auth;
  readonly identify: Identify;
  readonly keys: SessionKeys;
  /** Origins from which pages may call. */
  readonly origins: ReadonlySet<string>;
  readonly authReports: AuthReports;
  readonly passwords: PasswordChecks;
  readonly singleSignOn: SingleSignOn | undefined;
  /** The address that people open. */
  readonly baseUrl: string;
  /** People come by https alone. */
  readonly isSecure: boolean;
  readonly secondFactor: SecondFactorPolicy;
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
  const { auth, authReports, passwords, identify, keys, singleSignOn, baseUrl, logger } = options;
  try {
    // Said before anybody is looked up: `passwords` would refuse it all the same.
    if (pathname === PASSWORD_PATH && passwords.isFull) throw new PasswordChecksFullError();
    // Better Auth looks at it as well, but not in tests.
    if (request.method !== 'GET' && !originAllowed(request.headers, options.origins))
      return problemResponse('foreign-origin', languageOf(request.headers));
    if (!pathname.startsWith(SIGNING_IN) && (await isForAnother(request, identify)))
      return problemResponse('signed-in-as-another', languageOf(request.headers));
    if (await bodyHoldsNul(request)) return problemResponse('bad-request', languageOf(request.headers));
    if (pathname === PROVIDER_LOGOUT_PATH)
      return singleSignOn
        ? await singleSignOn.receiveLogout(request)
        : problemResponse('not-found', languageOf(request.headers));
    const missing = await missingProof(request, pathname, options);
    if (missing) return problemResponse(missing, languageOf(request.headers));
    const checked = await checkedRequest(request, { identify, keys });
    const asked = { address: addressOf(request.headers), isSigningIn: pathname.startsWith(SIGNING_IN) };
    const handle = () => authReports.listen(() => withAuthRequest(asked, () => auth.handler(checked)));
    const answer = await (singleSignOn ? singleSignOn.flows.during(request, handle) : handle());
    // It names people, and no browser is to write it down.
    answer.headers.set('cache-control', 'no-store');
    if (singleSignOn && pathname === CALLBACK_PATH) return singleSignOn.backFromProvider(answer);
    const coded = await withCodedRefusal(await withoutTokens(request, answer, keys), request);
    return rememberShared(request, coded, { isSecure: options.isSecure });
  } catch (error) {
    const language = languageOf(request.headers);
    const { code, level } = judgeFailure(error, databaseTrouble);
    logger.event('sign-in-failed', { err: error }, level);
    // Whoever comes back from the provider is on no page that could say it.
    if (pathname === CALLBACK_PATH) return toSignIn(baseUrl, code);
    return problemResponse(code, language);
  }
}

/** For how long after they proved who they are somebody may add or take away a way into their account. */
const PROVEN_MS = 15 * 60_000;

/** What somebody who is signed in has to show first; undefined where that is nothing. */
async function missingProof(
  { headers }: Request,
  pathname: string,
  { identify, secondFactor }: HandlerOptions,
): Promise<ErrorCode | undefined> {
  const [isMore, isLasting] = [asksForMore(pathname), needsRecentProof(pathname)];
  const identity = isMore || isLasting ? await identify(headers) : undefined;
  if (!identity) return undefined;
  if (isMore && (await secondFactor.lacking([identity.sessionId])).has(identity.sessionId))
    return 'second-factor-needed';
  return isLasting && identity.authenticatedAt < Date.now() - PROVEN_MS ? 'reauthentication-needed' : undefined;
}

/** Only requests that say who they are of cost the look-up. */
async function isForAnother({ headers }: Request, identify: Identify): Promise<boolean> {
  if (!headers.has(PERSON_HEADER)) return false;
  const identity = await identify(headers);
  return identity !== undefined && isOfAnother(identity, headers);
}
