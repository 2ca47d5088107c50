/** Everything below is about sign-in. */
export const SIGN_IN_PREFIX = '/api/auth/';
/** Where a password is checked. */
export const PASSWORD_PATH = `${SIGN_IN_PREFIX}sign-in/email`;

/** What web app, CLI and a hospital's provider use of better-auth, by method and path. */
const ROUTES: ReadonlySet<string> = new Set([
  `POST ${PASSWORD_PATH}`,
  `POST ${SIGN_IN_PREFIX}sign-in/social`,
  `GET ${SIGN_IN_PREFIX}callback/oidc`,
  `POST ${SIGN_IN_PREFIX}sign-out`,
  `GET ${SIGN_IN_PREFIX}get-session`,
]);

/** Their paths. */
export const SIGN_IN_PATHS: readonly string[] = [...ROUTES].map((route) => route.slice(route.indexOf('/')));

/**
 * Whether better-auth is asked at all. It can do much more that nobody here may: with `update-user` anybody would give themselves
 * a colleague's name, since accounts are an administrator's business.
 */
export function isSignInRoute(method: string, pathname: string): boolean {
  return ROUTES.has(`${method} ${pathname}`);
}
