import { type Database, findRecoveryCodes } from '@meldesync/db';
import { symmetricDecrypt } from 'better-auth/crypto';
import { z } from 'zod';
import { encryptionKeys, type SessionKeys } from './session-tokens.ts';

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
  const [current, ...others] = encryptionKeys(keys);
  if (data === undefined || current === undefined) return null;
  const key = {
    keys: new Map([current, ...others].map(({ version, value }) => [version, value])),
    currentVersion: current.version,
  };
  try {
    return recoveryCodes.parse(JSON.parse(await symmetricDecrypt({ key, data }))).length;
  } catch {
    return null;
  }
}
