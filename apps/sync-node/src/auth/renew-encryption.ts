import { type Database, listSecondFactors, replaceSecondFactor } from '@meldesync/db';
import { parseEnvelope, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { encryptionConfig, type SessionKeys } from './session-tokens.ts';

/**
 * Encrypts anew, with the first of the keys, what better-auth has encrypted of second factors with another: else who has one could not
 * sign in once that key is off the list. What no key opens is left as it is. Several nodes may do so at once.
 *
 * @returns how many second factors no key opens: who has one of them cannot sign in with it
 */
export async function renewEncryption({ drizzle }: Database, keys: SessionKeys): Promise<number> {
  const key = encryptionConfig(keys);
  const renewed = async (data: string): Promise<string> => {
    const version = parseEnvelope(data)?.version;
    if (version === undefined || version === key.currentVersion || !key.keys.has(version)) return data;
    return symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) });
  };
  const opens = (data: string) => {
    const version = parseEnvelope(data)?.version;
    return version === undefined || key.keys.has(version);
  };
  let unreadable = 0;
  for (const before of await listSecondFactors(drizzle)) {
    if (!opens(before.secret) || !opens(before.backupCodes)) unreadable += 1;
    const after = { secret: await renewed(before.secret), backupCodes: await renewed(before.backupCodes) };
    if (after.secret !== before.secret || after.backupCodes !== before.backupCodes)
      await replaceSecondFactor(drizzle, before, after);
  }
  return unreadable;
}
