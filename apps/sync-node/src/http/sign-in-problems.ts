import type { ErrorCode } from '@meldesync/protocol';
import { languageOf, problemResponse } from './problems.ts';
import { SIGN_IN_PREFIX } from './sign-in-routes.ts';

/** What better-auth's plugins call their refusals, as our catalogue does. */
const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  UNAUTHORIZED: 'unauthenticated',
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

/** Below better-auth's paths, what answers refusals with codes of the catalogue. */
const CODED = ['two-factor/', 'passkey/'].map((path) => SIGN_IN_PREFIX + path);

/** The answer as the API would give it, where better-auth refuses a second factor or a passkey; every other as it is. */
export async function withCodedRefusal(answer: Response, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (answer.status < 400 || !CODED.some((prefix) => pathname.startsWith(prefix))) return answer;
  const problem = problemResponse(await codeOf(answer), languageOf(request.headers));
  for (const cookie of answer.headers.getSetCookie()) problem.headers.append('set-cookie', cookie);
  return problem;
}

async function codeOf(answer: Response): Promise<ErrorCode> {
  const body: unknown = await answer.json().catch(() => null);
  const name = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  const known = typeof name === 'string' ? CODE_OF[name] : undefined;
  if (known) return known;
  if (answer.status >= 500) return 'internal';
  return answer.status === 401 ? 'unauthenticated' : 'bad-request';
}
