import { createHash } from 'node:crypto';
import type { Sha256 } from '../src/index.ts';

/** SHA-256 of Node, as a server supplies it. */
export const nodeSha256: Sha256 = {
  sha256Hex: (ascii) => createHash('sha256').update(ascii, 'ascii').digest('hex'),
};
