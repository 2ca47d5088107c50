import { ACCESS_FIELD, access, type DeclaredAccess } from './access.ts';

/** Everything below is about sign-in. */
export const SIGN_IN_PREFIX = '/api/auth/';
/** Where a password is checked. */
export const PASSWORD_PATH = `${SIGN_IN_PREFIX}sign-in/email`;

/** Where a terminal asks for a code that its person confirms (RFC 8628). */
export const DEVICE_CODE_PATH = `${SIGN_IN_PREFIX}device/code`;
/** Where a terminal asks for the token of a session that its person has let it have (RFC 8628). */
export const DEVICE_TOKEN_PATH = `${SIGN_IN_PREFIX}device/token`;

/** Where somebody shows a passkey in place of a password. */
export const PASSKEY_PATH = `${SIGN_IN_PREFIX}passkey/verify-authentication`;

/** Where somebody comes back from the provider of single sign-on. */
export const CALLBACK_PATH = `${SIGN_IN_PREFIX}callback/oidc`;
/** Where the provider says that somebody has signed out there. Not better-auth's. */
export const PROVIDER_LOGOUT_PATH = `${SIGN_IN_PREFIX}oidc/back-channel-logout`;

const anybody = access('anybody');
const person = access('person');
/** What opens an account for good, or shuts a way into it, without asking for the password itself. */
const provenPerson = access('person', 'recent');

/** What web app, CLI and a hospital's provider use of better-auth, by method and path, and who may. */
const ROUTES: Readonly<Record<string, ReturnType<typeof access>>> = {
  [`POST ${PASSWORD_PATH}`]: anybody,
  [`POST ${SIGN_IN_PREFIX}sign-in/social`]: anybody,
  [`GET ${CALLBACK_PATH}`]: anybody,
  [`POST ${PROVIDER_LOGOUT_PATH}`]: anybody,
  [`POST ${DEVICE_CODE_PATH}`]: anybody,
  [`POST ${DEVICE_TOKEN_PATH}`]: anybody,
  [`POST ${SIGN_IN_PREFIX}sign-out`]: anybody,
  [`GET ${SIGN_IN_PREFIX}get-session`]: anybody,
  // The second step of signing in, and one's own one-time passwords: signed in, with the password.
  [`POST ${SIGN_IN_PREFIX}two-factor/verify-totp`]: anybody,
  [`POST ${SIGN_IN_PREFIX}two-factor/verify-backup-code`]: anybody,
  [`POST ${SIGN_IN_PREFIX}two-factor/enable`]: person,
  [`POST ${SIGN_IN_PREFIX}two-factor/disable`]: person,
  [`POST ${SIGN_IN_PREFIX}two-factor/generate-backup-codes`]: person,
  // Signing in by a passkey, and one's own passkeys: signed in.
  [`GET ${SIGN_IN_PREFIX}passkey/generate-authenticate-options`]: anybody,
  [`POST ${PASSKEY_PATH}`]: anybody,
  [`GET ${SIGN_IN_PREFIX}passkey/generate-register-options`]: provenPerson,
  [`POST ${SIGN_IN_PREFIX}passkey/verify-registration`]: provenPerson,
  [`GET ${SIGN_IN_PREFIX}passkey/list-user-passkeys`]: person,
  [`POST ${SIGN_IN_PREFIX}passkey/update-passkey`]: person,
  [`POST ${SIGN_IN_PREFIX}passkey/delete-passkey`]: provenPerson,
};

/** Each with its method and path, and who may use it: few of them are described, since they need a browser. */
export const SIGN_IN_ROUTES: ReadonlyMap<string, DeclaredAccess> = new Map(
  Object.entries(ROUTES).map(([route, declared]) => [route, declared[ACCESS_FIELD]]),
);

/** Whether who asks under a path has to have proven a short while ago who they are. */
export function needsRecentProof(method: string, pathname: string): boolean {
  return SIGN_IN_ROUTES.get(`${method} ${pathname}`)?.proof === 'recent';
}

/** Their paths. */
export const SIGN_IN_PATHS: readonly string[] = Object.keys(ROUTES).map((route) => route.slice(route.indexOf('/')));

/**
 * Whether better-auth is asked at all. It can do much more that nobody here may: with `update-user` anybody would give themselves
 * a colleague's name, since accounts are an administrator's business.
 */
export function isSignInRoute(method: string, pathname: string): boolean {
  return SIGN_IN_ROUTES.has(`${method} ${pathname}`);
}
