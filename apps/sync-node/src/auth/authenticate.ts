import { PERSON_HEADER } from '@meldesync/protocol';
import type { Identity } from '../core/identity.ts';

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
