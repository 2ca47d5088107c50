/** Names of cookies begin with it. */
export const COOKIE_PREFIX = 'meldesync';
/** For a while after it was said at sign-in: others use this device too. Signing in may take several requests, and pages elsewhere. */
export const SHARED_COOKIE = `${COOKIE_PREFIX}.shared`;
