import { createHash, randomBytes } from 'node:crypto';

/** The secret of a link that works once, which nobody keeps but who is given the link. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the tables keep of a secret: its SHA-256, in hex. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The id of a new account, in the form of better-auth's. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}
