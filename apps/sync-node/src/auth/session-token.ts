import { createHmac, timingSafeEqual } from 'node:crypto';
import { getSessionCookie } from 'better-auth/cookies';

const BEARER = /^bearer\s+(\S+)\s*$/i;

/**
 * The token of the session that these headers speak for, as a bearer token or in better-auth's cookie. Undefined where there
 * is none, and where it is signed and the signature is not right; then better-auth has to say what that means.
 */
export function sessionTokenOf(
  headers: Headers,
  options: { secret: string; cookiePrefix: string },
): string | undefined {
  const bearer = BEARER.exec(headers.get('authorization') ?? '')?.[1];
  const { cookiePrefix, secret } = options;
  const presented = bearer ?? getSessionCookie(headers, { cookiePrefix }) ?? '';
  const [token, signature] = splitAtDot(presented);
  // better-auth takes a bearer token without a signature, a cookie never.
  if (signature === undefined) return bearer === undefined || token === '' ? undefined : token;
  return isSignature(signature, token, secret) ? token : undefined;
}

function splitAtDot(text: string): [string, string | undefined] {
  const decoded = decode(text);
  const dot = decoded.indexOf('.');
  return dot < 0 ? [decoded, undefined] : [decoded.slice(0, dot), decoded.slice(dot + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // It is none of ours then, and is found nowhere.
    if (error instanceof URIError) return text;
    throw error;
  }
}

function isSignature(signature: string, token: string, secret: string): boolean {
  const [given, right] = [Buffer.from(signature, 'base64'), createHmac('sha256', secret).update(token).digest()];
  return given.length === right.length && timingSafeEqual(given, right);
}
