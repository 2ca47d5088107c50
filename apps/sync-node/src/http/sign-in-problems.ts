import type { ErrorCode } from '@meldesync/protocol';
import { languageOf, problemResponse } from './problems.ts';
import { CALLBACK_PATH, DEVICE_CODE_PATH, DEVICE_TOKEN_PATH, PROVIDER_LOGOUT_PATH } from './sign-in-routes.ts';

/** What better-auth calls its refusals, as our catalogue does. */
const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  UNAUTHORIZED: 'unauthenticated',
  INVALID_EMAIL_OR_PASSWORD: 'credentials-wrong',
  INVALID_EMAIL: 'email-invalid',
  INVALID_ORIGIN: 'foreign-origin',
  MISSING_OR_NULL_ORIGIN: 'foreign-origin',
  VALIDATION_ERROR: 'bad-request',
  NAME_INVALID: 'name-invalid',
  INVALID_CODE: 'code-wrong',
  INVALID_BACKUP_CODE: 'code-wrong',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'sign-in-expired',
  INVALID_TWO_FACTOR_COOKIE: 'sign-in-expired',
  INVALID_PASSWORD: 'password-wrong',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'no-password',
  TOTP_ALREADY_ENABLED: 'second-factor-set-up',
  TOTP_NOT_ENABLED: 'second-factor-missing',
  BACKUP_CODES_NOT_ENABLED: 'second-factor-missing',
  TWO_FACTOR_NOT_ENABLED: 'second-factor-missing',
  PASSKEY_NOT_FOUND: 'passkey-unknown',
  AUTHENTICATION_FAILED: 'passkey-unknown',
  FAILED_TO_VERIFY_REGISTRATION: 'passkey-refused',
  CHALLENGE_NOT_FOUND: 'passkey-refused',
};

/** Who answers in words of its own: RFC 8628 has some for terminals, and who comes back from a provider is sent on. */
const UNCODED: ReadonlySet<string> = new Set([
  DEVICE_CODE_PATH,
  DEVICE_TOKEN_PATH,
  CALLBACK_PATH,
  PROVIDER_LOGOUT_PATH,
]);

/** What a refusal without a name that is known here is, by its status; `bad-request` where it says nothing either. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'unavailable',
};

/** The answer as the API would give it, where better-auth refuses; every other as it is. */
export async function withCodedRefusal(answer: Response, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (answer.status < 400 || UNCODED.has(pathname) || isCoded(answer)) return answer;
  const problem = problemResponse(await codeOf(answer), languageOf(request.headers));
  for (const cookie of answer.headers.getSetCookie()) problem.headers.append('set-cookie', cookie);
  return problem;
}

function isCoded({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') === true;
}

async function codeOf(answer: Response): Promise<ErrorCode> {
  const body: unknown = await answer.json().catch(() => null);
  const name = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  const known = typeof name === 'string' ? CODE_OF[name] : undefined;
  return known ?? CODE_OF_STATUS[answer.status] ?? (answer.status >= 500 ? 'internal' : 'bad-request');
}
