import { parseCookies } from 'better-auth/cookies';
import { isSignatureOf, type SessionKey, type SessionKeys } from './session-tokens.ts';

const BEARER = /^bearer\s+(\S+)\s*$/i;

/** By what a session is known. */
export interface SessionForm {
  readonly keys: SessionKeys;
  /** Of its cookie. */
  readonly cookieName: string;
}

/** The token that headers speak for, whose signature is right. */
export interface PresentedToken {
  readonly token: string;
  /** The key that it is signed with. */
  readonly key: SessionKey;
  readonly by: 'bearer' | 'cookie';
}

/**
 * The token of the session that these headers speak for, as a bearer token or in better-auth's cookie. Undefined where there is
 * none, and where it is not signed with one of the keys: a token alone, from a table or a log, opens nothing.
 */
export function presentedToken(headers: Headers, { keys, cookieName }: SessionForm): PresentedToken | undefined {
  const bearer = BEARER.exec(headers.get('authorization') ?? '')?.[1];
  const presented = bearer ?? parseCookies(headers.get('cookie') ?? '').get(cookieName) ?? '';
  const [token, signature] = splitAtDot(presented);
  if (token === '' || signature === undefined) return undefined;
  const key = keys.find(({ secret }) => isSignatureOf(signature, token, secret));
  return key && { token, key, by: bearer === undefined ? 'cookie' : 'bearer' };
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
