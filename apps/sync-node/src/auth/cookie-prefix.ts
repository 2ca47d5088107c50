const NAME = 'meldesync';

/**
 * What the names of cookies begin with. Where people come by https alone, a browser takes such a cookie from this very host, by https
 * and for all of its paths, or not at all (RFC 6265bis §4.1.3.2): no other host of a hospital's domain puts one of its own in its place.
 */
export function cookiePrefix(isSecure: boolean): string {
  return isSecure ? `__Host-${NAME}` : NAME;
}

/** What the name of a session's cookie ends on. */
export const SESSION_COOKIE = `${NAME}.session_token`;

/** For a while after it was said at sign-in: others use this device too. Signing in may take several requests, and pages elsewhere. */
export function sharedCookieName(isSecure: boolean): string {
  return `${cookiePrefix(isSecure)}.shared`;
}

/** Marks of a browser in which people have signed in before. Its path keeps it from having the prefix; who puts another in its place has no mark. */
export const KNOWN_COOKIE = `${NAME}.known`;
