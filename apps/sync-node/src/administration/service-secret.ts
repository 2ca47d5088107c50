import { randomBytes } from 'node:crypto';
import type { StoredToken } from '@meldesync/db';

/** A token of a program: what it shows, which is told once, and what the table keeps. */
export function makeServiceSecret(): { readonly secret: string; readonly stored: StoredToken } {
  const secret = randomBytes(32).toString('hex');
  return { secret, stored: { token: secret, keyId: null } };
}
