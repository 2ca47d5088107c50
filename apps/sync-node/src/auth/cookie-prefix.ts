/** Names of cookies begin with it. */
export const COOKIE_PREFIX = 'meldesync';
/** What the name of a session's cookie ends on, behind prefixes that depend on the address. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;
/** For a while after it was said at sign-in: others use this device too. Signing in may take several requests, and pages elsewhere. */
export const SHARED_COOKIE = `${COOKIE_PREFIX}.shared`;
/** Marks of a browser in which people have signed in before. */
export const KNOWN_COOKIE = `${COOKIE_PREFIX}.known`;
