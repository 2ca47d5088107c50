import type { Administrator } from '@meldesync/db';
import { addressOf } from '../auth/address-of.ts';
import type { Identity } from '../core/identity.ts';

/** Who administers, as an event names them. */
export function administratorOf({ userId, sessionId }: Identity, headers: Headers): Administrator {
  return { actor: `user:${userId}`, userId, sessionId, address: addressOf(headers) };
}
