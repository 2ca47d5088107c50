import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Database } from '@meldesync/db';
import { API_PREFIX, type ErrorCode } from '@meldesync/protocol';
import { answerReadiness, type Logger, READINESS_PATH, type Readiness } from '@meldesync/telemetry';
import { addressOf } from '../auth/address-of.ts';
import type { Auth } from '../auth/auth.ts';
import type { AuthReports } from '../auth/auth-reports.ts';
import { type AuthRequest, withAuthRequest } from '../auth/auth-request.ts';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import { checkedRequest } from '../auth/checked-request.ts';
import { endFormerSession } from '../auth/former-session.ts';
import type { Identify } from '../auth/identify.ts';
import { type PasswordChecks, PasswordChecksFullError } from '../auth/password-checks.ts';
import { withoutTokens } from '../auth/session-answers.ts';
import type { SessionCookieForm } from '../auth/session-renewal.ts';
import type { SessionKeys } from '../auth/session-tokens.ts';
import { toSignIn } from '../auth/single-sign-on/back-from-provider.ts';
import type { SingleSignOn } from '../auth/single-sign-on/single-sign-on.ts';
import { isUnreadableFactor } from '../auth/unreadable-factor.ts';
import type { NodeBudgets } from '../budgets/node-budgets.ts';
import { CodedError } from '../coded-error.ts';
import { judgeFailure } from '../core/judge-failure.ts';
import { databaseTrouble } from '../database-trouble.ts';
import type { Limits } from '../limits/limits.ts';
import { answerAhead } from './answer-ahead.ts';
import type { ApiEnv } from './api-context.ts';
import { DESCRIPTION_PATH } from './api-description.ts';
import { shareAnswer } from './cross-origin.ts';
import { withNamedRefusal, withReadableForm } from './device-questions.ts';
import { finishAnswer } from './finish-answer.ts';
import { addressHoldsNul, bodyHoldsNul } from './holds-nul.ts';
import { type PreparedAnswer, respondPrepared } from './prepared-answer.ts';
import { ApiError, languageOf, problemResponse, retryAfterOf } from './problems.ts';
import type { KnownPath, RouteTable } from './route-table.ts';
import { securityHeaders } from './security-headers.ts';
import { settleTry } from './settle-try.ts';
import { rememberShared } from './shared-device.ts';
import { withCodedRefusal } from './sign-in-problems.ts';
import {
  CALLBACK_PATH,
  DEVICE_CODE_PATH,
  isSignInRoute,
  needsRecentProof,
  PASSWORD_PATH,
  PROVIDER_LOGOUT_PATH,
  SIGN_IN_PREFIX,
} from './sign-in-routes.ts';
import type { StaticFiles } from './static-files.ts';
import { isUtf8Address } from './utf8.ts';
import { strangersTurn } from './within-budget.ts';

export interface HandlerOptions {
  readonly api: OpenAPIHono<ApiEnv>;
  /** What the API says of itself. */
  readonly description: PreparedAnswer;
  /** What may be asked of each path. */
  readonly routes: RouteTable;
  readonly accounts: Database;
  readonly auth: Auth;
  readonly identify: Identify;
  readonly keys: SessionKeys;
  readonly sessionCookie: SessionCookieForm;
  /** Origins from which pages may call. */
  readonly origins: ReadonlySet<string>;
  readonly authReports: AuthReports;
  readonly passwords: PasswordChecks;
  readonly limits: Limits;
  readonly singleSignOn: SingleSignOn | undefined;
  /** The address that people open. */
  readonly baseUrl: string;
  /** People come by https alone. */
  readonly isSecure: boolean;
  readonly staticFiles: StaticFiles;
  readonly budgets: NodeBudgets;
  readonly ready: () => Promise<Readiness>;
  readonly logger: Logger;
}

/** Everything a node answers over HTTP: health, sign-in, API, and the web app on all other paths. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const secured = securityHeaders(options);
  return async (request) => {
    const answer = secured(await inTurn(request, options));
    const { pathname } = new URL(request.url);
    return pathname.startsWith('/api/') ? shareAnswer(request, answer, options.origins) : answer;
  };
}

async function inTurn(request: Request, options: HandlerOptions): Promise<Response> {
  try {
    return await route(request, options);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return problemResponse(error.code, languageOf(request.headers), {}, retryAfterOf(error));
  }
}

async function route(request: Request, options: HandlerOptions): Promise<Response> {
  const { budgets, routes } = options;
  const url = new URL(request.url);
  const { pathname } = url;
  const isHealth = pathname === '/healthz' || pathname === READINESS_PATH;
  const ahead = answerAhead(request, routes(pathname));
  // Behind the API it is known who asks.
  if (ahead || isHealth || !pathname.startsWith(API_PREFIX))
    await strangersTurn(isHealth ? budgets.health : budgets.strangers, request.headers);
  if (ahead) return ahead;
  if (addressHoldsNul(url) || !isUtf8Address(url)) return problemResponse('bad-request', languageOf(request.headers));
  // The same answer, of which the adapter sends the head.
  const asked = request.method === 'HEAD' ? new Request(request, { method: 'GET' }) : request;
  return pathname.startsWith('/api/') ? answerApi(asked, pathname, options) : answerBesides(asked, url, options);
}

async function answerApi(request: Request, pathname: string, options: HandlerOptions): Promise<Response> {
  if (isSignInRoute(request.method, pathname)) return signIn(request, pathname, options);
  if (pathname.startsWith(SIGN_IN_PREFIX)) return problemResponse('not-found', languageOf(request.headers));
  if (pathname === DESCRIPTION_PATH) return respondPrepared(options.description, request);
  return finishAnswer(request, await options.api.fetch(request));
}

/** What is beside the API: how the node is, and the web app. */
async function answerBesides(request: Request, url: URL, options: HandlerOptions): Promise<Response> {
  const { staticFiles, ready } = options;
  if (url.pathname === '/healthz') return new Response('ok\n');
  if (url.pathname === READINESS_PATH) {
    const { status, body } = answerReadiness(await ready(), url);
    return new Response(body, { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
  }
  const file = staticFiles.answer(new Request(request.url, { headers: request.headers }));
  if (!file) return problemResponse('not-found', languageOf(request.headers));
  return answerAhead(request, READ_ONLY) ?? file;
}

/** What a file of the web app may be asked for. */
const READ_ONLY: KnownPath = new Map([
  ['GET', []],
  ['HEAD', []],
]);

/** Who signs in may be anybody, whoever was signed in before. */
const SIGNING_IN = `${SIGN_IN_PREFIX}sign-in/`;
/** For how long after they proved who they are somebody may add or take away a way into their account. */
const PROVEN_MS = 15 * 60_000;

/** What Better Auth does not answer itself. */
async function signIn(request: Request, pathname: string, options: HandlerOptions): Promise<Response> {
  const { accounts, auth, authReports, passwords, identify, keys, singleSignOn, baseUrl, logger } = options;
  const { limits, isSecure } = options;
  const { headers } = request;
  const form = { keys, cookieName: options.sessionCookie.name };
  const refuse = (code: ErrorCode, retryAfterMs?: number) =>
    problemResponse(code, languageOf(headers), {}, retryAfterMs);
  const address = addressOf(headers);
  const isSigningIn = pathname.startsWith(SIGNING_IN);
  const flow: AuthRequest['flow'] = {};
  try {
    await limits.rates.ofAddress(pathname === DEVICE_CODE_PATH ? 'device-codes' : 'sign-in', address);
    // Said before anybody is looked up: `passwords` would refuse it all the same.
    if (pathname === PASSWORD_PATH && passwords.isFull) throw new PasswordChecksFullError();
    // Better Auth looks at it as well, but not in tests.
    if (request.method !== 'GET' && !originAllowed(headers, options.origins)) return refuse('foreign-origin');
    if (await bodyHoldsNul(request)) return refuse('bad-request');
    if (pathname === PROVIDER_LOGOUT_PATH)
      return singleSignOn ? await singleSignOn.receiveLogout(request) : refuse('not-found');
    const identity = await identify(headers);
    if (identity && !isSigningIn && isOfAnother(identity, headers)) return refuse('signed-in-as-another');
    if (identity && needsRecentProof(request.method, pathname) && identity.authenticatedAt < Date.now() - PROVEN_MS)
      return refuse('reauthentication-needed');
    const checked = checkedRequest(await withReadableForm(request), identity, form);
    const asked = {
      address,
      headers,
      identity: identity?.kind === 'service' ? undefined : identity,
      isSigningIn,
      flow,
    };
    const given = await authReports.listen(() => withAuthRequest(asked, () => auth.handler(checked)));
    await settleTry(limits, { pathname, asked, answer: given, isSecure });
    if (identity) await endFormerSession(accounts, form, { headers, identity, address, answer: given });
    const answer = await withoutTokens(request, given, keys);
    // It names people, and no browser is to write it down.
    answer.headers.set('cache-control', 'no-store');
    if (singleSignOn && pathname === CALLBACK_PATH) return singleSignOn.backFromProvider(answer);
    const coded = await withNamedRefusal(await withCodedRefusal(answer, request), pathname);
    return rememberShared(request, coded, { isSecure });
  } catch (error) {
    await flow.tried?.begun.settle('neither');
    const { code, level } = judgeFailure(
      isUnreadableFactor(error) ? new ApiError('second-factor-unreadable') : error,
      databaseTrouble,
    );
    logger.event('sign-in-failed', { err: error }, level);
    // Whoever comes back from the provider is on no page that could say it.
    if (pathname === CALLBACK_PATH) return toSignIn(baseUrl, code);
    return refuse(code, retryAfterOf(error));
  }
}
