import { createHash } from 'node:crypto';

/** What each hash begins with, so that none can be taken for one of another kind. */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const SEAL = Buffer.of(2);

/** SHA-256 of some bytes in a row. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const leafHash = (text: string): Buffer => sha256(LEAF, Buffer.from(text, 'utf8'));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);
export const sealHash = (text: string): Buffer => sha256(SEAL, Buffer.from(text, 'utf8'));
