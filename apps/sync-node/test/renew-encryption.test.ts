import { connectDatabase } from '@meldesync/db';
import { createTestDatabase } from '@meldesync/testkit';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { expect, it } from 'vitest';
import { renewEncryption } from '../src/auth/renew-encryption.ts';
import { encryptionKeys, sessionKeys } from '../src/auth/session-tokens.ts';

const [OLD, NEW, LOST] = ['old', 'new', 'lost'].map(
  (word) => `the ${word} secret, of thirty-two characters and more`,
) as [string, string, string];

/** As better-auth encrypts where this is the only secret. */
const keyOf = (secret: string) => {
  const [only] = encryptionKeys(sessionKeys(secret));
  if (!only) throw new Error('no key');
  return { keys: new Map([[only.version, only.value]]), currentVersion: only.version };
};

it('second factors outlive the secret that they were set up under, once a node has started with it on the list', async () => {
  await using testDatabase = await createTestDatabase();
  await using database = connectDatabase({
    url: testDatabase.authUrl,
    maxConnections: 2,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  await testDatabase.sql(`insert into auth."user" (id, name, email) values ('anna', 'Anna', 'anna@test.example')`);
  const add = async (id: string, secret: string, backupCodes: string) =>
    testDatabase.sql(`insert into auth.two_factor (id, secret, backup_codes, user_id) values ($1, $2, $3, 'anna')`, [
      id,
      secret,
      backupCodes,
    ]);
  const lost = await symmetricEncrypt({ key: keyOf(LOST), data: 'lost' });
  await add('old', await symmetricEncrypt({ key: keyOf(OLD), data: 'old' }), 'plain');
  await add('new', await symmetricEncrypt({ key: keyOf(NEW), data: 'new' }), 'plain');
  await add('lost', lost, await symmetricEncrypt({ key: keyOf(OLD), data: 'codes' }));

  expect(await renewEncryption(database, sessionKeys(NEW, [OLD]))).toBe(1);
  expect(await renewEncryption(database, sessionKeys(LOST))).toBe(3);

  const rows = await testDatabase.sql('select id, secret, backup_codes from auth.two_factor');
  const found = new Map(rows.map((row) => [row['id'], row]));
  const open = (data: unknown) => symmetricDecrypt({ key: keyOf(NEW), data: String(data) });
  expect(await open(found.get('old')?.['secret'])).toBe('old');
  expect(found.get('old')?.['backup_codes']).toBe('plain');
  expect(await open(found.get('new')?.['secret'])).toBe('new');
  expect(found.get('lost')?.['secret']).toBe(lost);
  expect(await open(found.get('lost')?.['backup_codes'])).toBe('codes');
});
