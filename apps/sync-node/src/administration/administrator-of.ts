import type { Administrator } from '@meldesync/db';
import type { Identity } from '../core/identity.ts';

/** The network address of a request, which the transport says and no client. */
export function addressOf(headers: Headers): string | null {
  return headers.get('x-real-ip');
}

/** Who administers, as an event names them. */
export function administratorOf({ userId, sessionId }: Identity, headers: Headers): Administrator {
  return { actor: `user:${userId}`, userId, sessionId, address: addressOf(headers) };
}
