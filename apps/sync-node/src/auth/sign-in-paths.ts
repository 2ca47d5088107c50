import type { SignInEvent } from '@meldesync/db';

/** How somebody proves who they are. */
export type SignInMethod = 'password' | 'passkey' | 'oidc' | 'device';

/** better-auth's paths under which a session may begin. */
const METHOD_OF_PATH: Readonly<Record<string, SignInMethod>> = {
  '/sign-in/email': 'password',
  '/two-factor/verify-totp': 'password',
  '/two-factor/verify-backup-code': 'password',
  '/passkey/verify-authentication': 'passkey',
  '/callback/:id': 'oidc',
  '/oauth2/callback/:providerId': 'oidc',
  '/device/token': 'device',
};

/** How who asks under a path signs in; undefined where nobody does. */
export function methodOfPath(path: string | undefined): SignInMethod | undefined {
  return METHOD_OF_PATH[path ?? ''];
}

/** The second step after a password: what is shown there. */
export const SECOND_STEPS: Readonly<Record<string, string>> = {
  '/two-factor/verify-totp': 'code',
  '/two-factor/verify-backup-code': 'recovery-code',
};

/** What people change about how they sign in, as it goes on record. */
export const OWN_CHANGES: Readonly<Record<string, SignInEvent['kind']>> = {
  '/two-factor/disable': 'second-factor-removed',
  '/two-factor/generate-backup-codes': 'recovery-codes-renewed',
  '/passkey/verify-registration': 'passkey-added',
  '/passkey/update-passkey': 'passkey-renamed',
  '/passkey/delete-passkey': 'passkey-removed',
};

/** Where somebody who is signed in shows their password once more. */
export const ASKS_FOR_PASSWORD: ReadonlySet<string> = new Set([
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
]);

/** Where nothing is wrong with what was shown, but the account is closed. */
const NO_SESSION: ReadonlySet<unknown> = new Set(['FAILED_TO_CREATE_SESSION', 'UNABLE_TO_CREATE_SESSION']);

/** Whether better-auth's refusal means that somebody could not prove who they are, or may not come in. */
export function isFailedProof(status: number, code: string | undefined): boolean {
  return status === 401 || status === 403 || status === 429 || code === 'AUTHENTICATION_FAILED' || NO_SESSION.has(code);
}
