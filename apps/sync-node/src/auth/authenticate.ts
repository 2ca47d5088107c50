import { PERSON_HEADER } from '@meldesync/protocol';
import type { Identity } from '../core/identity.ts';
import type { Auth } from './auth.ts';

/** What the name of a session's cookie ends on, behind prefixes that depend on the address. */
const SESSION_COOKIE = 'session_token=';

/** Who sends these headers, by cookie or bearer token; undefined when nobody is signed in. */
export async function authenticate(auth: Auth, headers: Headers): Promise<Identity | undefined> {
  // Nobody can be, and better-auth would take a millisecond to say so.
  if (!headers.has('authorization') && !headers.get('cookie')?.includes(SESSION_COOKIE)) return undefined;
  const found = await auth.api.getSession({ headers });
  if (!found) return undefined;
  return {
    userId: found.user.id,
    name: found.user.name,
    email: found.user.email,
    sessionId: found.session.id,
    expiresAt: found.session.expiresAt.getTime(),
  };
}

/** Whether the sender of these headers takes itself for somebody else than whose session it is: for a page of a browser that was left open. */
export function isOfAnother({ userId }: Identity, headers: Headers): boolean {
  return (headers.get(PERSON_HEADER) ?? userId) !== userId;
}

/**
 * Whether a request that may change something, or a WebSocket, comes from an allowed page. A browser always says from
 * where it calls; a client without a browser sends no cookie by itself, so it must show a bearer token.
 */
export function originAllowed(headers: Headers, origins: ReadonlySet<string>): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return origins.has(origin);
  return headers.get('authorization') !== null || headers.get('cookie') === null;
}
