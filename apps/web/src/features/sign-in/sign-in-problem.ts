/** Why signing in failed, as far as a person can do something about it; each has a text in `signIn.errors`. */
export type SignInProblem =
  | 'credentials'
  | 'email'
  | 'unverified'
  | 'rateLimited'
  | 'unreachable'
  | 'expired'
  | 'passkey'
  | 'passkeyNeeded'
  | 'otherAddress'
  | 'other';

interface AuthError {
  readonly status?: number;
  /** better-auth's error code. */
  readonly code?: string | undefined;
}

const PROBLEM_OF_CODE: Readonly<Record<string, SignInProblem>> = {
  INVALID_EMAIL_OR_PASSWORD: 'credentials',
  USER_NOT_FOUND: 'credentials',
  INVALID_PASSWORD: 'credentials',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'credentials',
  INVALID_EMAIL: 'email',
  'email-invalid': 'email',
  'credentials-wrong': 'credentials',
  EMAIL_NOT_VERIFIED: 'unverified',
  'passkey-needed': 'passkeyNeeded',
  'foreign-origin': 'otherAddress',
};

/** Reads the answer of better-auth: its code first, the HTTP status otherwise. */
export function signInProblem(error: AuthError | null): SignInProblem {
  const known = PROBLEM_OF_CODE[error?.code ?? ''];
  if (known) return known;
  const status = error?.status ?? 0;
  if (status === 429) return 'rateLimited';
  if (status === 401) return 'credentials';
  return status === 0 || status >= 502 ? 'unreachable' : 'other';
}
