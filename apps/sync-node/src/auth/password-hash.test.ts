import { scryptSync } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { describe, expect, it } from 'vitest';
import { isPasswordOf } from './password-hash.ts';

const SALT = Buffer.from('a salt of 16 byt');
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const phc = (key: Buffer, { ln = 14, r = 8, p = 1, salt = SALT } = {}) =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;

describe('a password', () => {
  it('is known by the hash that better-auth made', async () => {
    const hash = await hashPassword('Kreide Turm Ahorn');
    expect(await isPasswordOf({ hash, password: 'Kreide Turm Ahorn' })).toBe(true);
    expect(await isPasswordOf({ hash, password: 'Kreide Turm Ahorm' })).toBe(false);
  });

  it('is known by one of N = 2^17, r = 8', async () => {
    const key = scryptSync('Kreide Turm Ahorn', SALT, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
    expect(await isPasswordOf({ hash: phc(key, { ln: 17 }), password: 'Kreide Turm Ahorn' })).toBe(true);
    expect(await isPasswordOf({ hash: phc(key, { ln: 17 }), password: 'Kreide Turm Ahorm' })).toBe(false);
  });

  it('is the same however its letters were composed', async () => {
    const key = scryptSync('M\u00fcller Turm Ahorn', SALT, 32);
    expect(await isPasswordOf({ hash: phc(key), password: 'Mu\u0308ller Turm Ahorn' })).toBe(true);
  });
});

const KEY = Buffer.alloc(32);
it.each([
  ['that would take more memory than a check may', phc(KEY, { ln: 18 })],
  ['whose cost is beyond all measure', phc(KEY, { ln: 99, r: 99 })],
  ['that lacks its key', phc(Buffer.alloc(0))],
  ['whose salt is short', phc(KEY, { salt: Buffer.from('short') })],
  ['of another function', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA'],
])('a hash %s is refused before anything is computed', async (_, hash) => {
  await expect(isPasswordOf({ hash, password: 'x' })).rejects.toThrow('form that is not known');
});
