import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  checkpointLine,
  createCheckpointSigner,
  isSignedBy,
  parseCheckpointLine,
  readCheckpointKeys,
  WrongKey,
} from './checkpoint.ts';

const pair = generateKeyPairSync('ed25519');
const privatePem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const signer = createCheckpointSigner(privatePem);
const signed = signer.sign({ no: 3, size: 20, link: Buffer.alloc(32, 7), micros: '1700000000000000' });

it('R5.5 a checkpoint is signed by its key, comes back from its line, and is forged once anything of it differs', () => {
  const keys = readCheckpointKeys(publicPem);
  expect(parseCheckpointLine(checkpointLine(signed))).toEqual(signed);
  expect(isSignedBy(signed, keys)).toBe(true);
  expect(isSignedBy(signed, readCheckpointKeys(privatePem))).toBe(true);
  for (const other of [{ no: 4 }, { size: 21 }, { micros: '1700000000000001' }, { link: Buffer.alloc(32, 8) }])
    expect(isSignedBy({ ...signed, ...other }, keys)).toBe(false);
  expect(isSignedBy({ ...signed, keyId: '0'.repeat(16) }, keys)).toBeNull();
});

it.each(['', '{}', '[]', 'x', checkpointLine(signed).slice(0, -2), checkpointLine({ ...signed, no: 0 })])(
  'R5.5 %j is no line of a checkpoint',
  (line) => {
    expect(parseCheckpointLine(line)).toBeNull();
  },
);

it('R5.5 a key that is none, or not for Ed25519, is refused, and not repeated in the error', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  expect(() => createCheckpointSigner(rsa.toString())).toThrow(/rsa, not Ed25519/);
  expect(() => createCheckpointSigner('geheim')).toThrow(WrongKey);
  expect(() => createCheckpointSigner(publicPem)).toThrow(WrongKey);
  expect(() => readCheckpointKeys('')).toThrow(WrongKey);
  expect(() => createCheckpointSigner('geheim')).not.toThrow(/geheim/);
});
