import { type Database, findRecoveryCodes } from '@meldesync/db';
import { symmetricDecrypt } from 'better-auth/crypto';
import { z } from 'zod';
import { encryptionConfig, type SessionKeys } from './session-tokens.ts';

const recoveryCodes = z.array(z.string());

/**
 * How many recovery codes somebody has left: each that was used is gone. Null without one-time passwords, and where no key opens
 * them, after a secret was replaced and the old one dropped.
 */
export async function countRecoveryCodes(
  { drizzle }: Database,
  keys: SessionKeys,
  userId: string,
): Promise<number | null> {
  const data = await findRecoveryCodes(drizzle, userId);
  if (data === undefined) return null;
  try {
    return recoveryCodes.parse(JSON.parse(await symmetricDecrypt({ key: encryptionConfig(keys), data }))).length;
  } catch {
    // A node says at its start how many there are (`second-factors-unreadable`).
    return null;
  }
}
