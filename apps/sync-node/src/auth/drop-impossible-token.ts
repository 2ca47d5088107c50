/** A token of a session: better-auth makes 32 letters and digits. */
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;
/** Its signature, in base64 or base64url. */
const SIGNATURE = /^[A-Za-z0-9+/_=-]{1,128}$/;
const BEARER = /^bearer(?:\s|$)/i;

/**
 * Takes a bearer token that cannot be one out of the headers: to all that follows, nobody is signed in then. What is not
 * looked up cannot break a query: Postgres takes no NUL in a text, and a query asks for many people at once. A cookie needs no
 * such look, since it is looked up only when its signature is ours.
 */
export function dropImpossibleToken(headers: Headers): void {
  const authorization = headers.get('authorization');
  if (authorization !== null && BEARER.test(authorization) && !isPossible(authorization.slice('bearer'.length).trim()))
    headers.delete('authorization');
}

function isPossible(presented: string): boolean {
  const decoded = decode(presented);
  if (decoded === undefined) return false;
  const [token = '', signature, ...more] = decoded.split('.');
  return TOKEN.test(token) && (signature === undefined || SIGNATURE.test(signature)) && more.length === 0;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
