import { TOKEN_HEADER } from '@meldesync/protocol';
import { serialize } from 'hono/utils/cookie';
import type { Identity } from '../core/identity.ts';
import { presentedToken } from './presented-token.ts';
import { type SessionKeys, signToken } from './session-tokens.ts';

/** The cookie of a session, as better-auth sets it. */
export interface SessionCookieForm {
  readonly name: string;
  /** By https alone. */
  readonly isSecure: boolean;
}

/** The cookie as a header says it, for so many seconds; with 0 the browser forgets it. */
export function sessionCookieHeader({ name, isSecure }: SessionCookieForm, value: string, maxAge: number): string {
  return serialize(name, value, { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure, maxAge });
}

export interface SessionRenewalOptions {
  readonly keys: SessionKeys;
  readonly cookie: SessionCookieForm;
  /** The session is signed with the first key from now on. */
  readonly adopt: (sessionId: string, keyId: string) => Promise<void>;
}

/**
 * Signs anew, with the first of the keys, what was signed with another: a browser gets its cookie again, a terminal its token in
 * `TOKEN_HEADER`. So all who come are of the new key before the old one is taken off the list. What a program has stays as it is.
 */
export function createSessionRenewal({ keys, cookie, adopt }: SessionRenewalOptions) {
  return async (headers: Headers, { sessionId, kind, expiresAt }: Identity): Promise<Record<string, string>> => {
    const presented = presentedToken(headers, { keys, cookieName: cookie.name });
    if (!presented || presented.key.id === keys[0].id || kind === 'service') return {};
    await adopt(sessionId, keys[0].id);
    const signed = signToken(presented.token, keys[0].secret);
    if (presented.by === 'bearer') return { [TOKEN_HEADER]: signed };
    const maxAge = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1_000));
    return { 'set-cookie': sessionCookieHeader(cookie, signed, maxAge) };
  };
}

export type SessionRenewal = ReturnType<typeof createSessionRenewal>;
