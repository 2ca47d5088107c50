import { createHmac, hkdfSync } from 'node:crypto';

/** Names whom a limit is for: neither an address nor an account can be read out of it. */
export type LimitKey = (...who: readonly string[]) => string;

const KEY_BYTES = 32;

/** Makes the names of the secret that all nodes share: without it nobody can try out whose name one is. */
export function createLimitKey(secret: string): LimitKey {
  const key = Buffer.from(hkdfSync('sha256', secret, 'meldesync', 'limits', KEY_BYTES));
  return (...who) => createHmac('sha256', key).update(JSON.stringify(who)).digest('base64url').slice(0, 22);
}
