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

/** What web app, CLI and a hospital's provider use of better-auth, by method and path. */
const ROUTES: ReadonlySet<string> = new Set([
  `POST ${PASSWORD_PATH}`,
  `POST ${SIGN_IN_PREFIX}sign-in/social`,
  `GET ${CALLBACK_PATH}`,
  `POST ${PROVIDER_LOGOUT_PATH}`,
  `POST ${DEVICE_CODE_PATH}`,
  `POST ${DEVICE_TOKEN_PATH}`,
  `POST ${SIGN_IN_PREFIX}sign-out`,
  `GET ${SIGN_IN_PREFIX}get-session`,
  // The second step of signing in, and one's own one-time passwords: signed in, with the password.
  `POST ${SIGN_IN_PREFIX}two-factor/verify-totp`,
  `POST ${SIGN_IN_PREFIX}two-factor/verify-backup-code`,
  `POST ${SIGN_IN_PREFIX}two-factor/enable`,
  `POST ${SIGN_IN_PREFIX}two-factor/disable`,
  `POST ${SIGN_IN_PREFIX}two-factor/generate-backup-codes`,
  // Signing in by a passkey, and one's own passkeys: signed in.
  `GET ${SIGN_IN_PREFIX}passkey/generate-authenticate-options`,
  `POST ${PASSKEY_PATH}`,
  `GET ${SIGN_IN_PREFIX}passkey/generate-register-options`,
  `POST ${SIGN_IN_PREFIX}passkey/verify-registration`,
  `GET ${SIGN_IN_PREFIX}passkey/list-user-passkeys`,
  `POST ${SIGN_IN_PREFIX}passkey/update-passkey`,
  `POST ${SIGN_IN_PREFIX}passkey/delete-passkey`,
]);

/** What opens an account for good, or shuts a way into it, without asking for the password itself. */
const LASTING: ReadonlySet<string> = new Set(
  ['generate-register-options', 'verify-registration', 'delete-passkey'].map(
    (path) => `${SIGN_IN_PREFIX}passkey/${path}`,
  ),
);

/** Whether who asks under a path has to have proven a short while ago who they are. */
export function needsRecentProof(pathname: string): boolean {
  return LASTING.has(pathname);
}

/** Their paths. */
export const SIGN_IN_PATHS: readonly string[] = [...ROUTES].map((route) => route.slice(route.indexOf('/')));

/**
 * Whether better-auth is asked at all. It can do much more that nobody here may: with `update-user` anybody would give themselves
 * a colleague's name, since accounts are an administrator's business.
 */
export function isSignInRoute(method: string, pathname: string): boolean {
  return ROUTES.has(`${method} ${pathname}`);
}
