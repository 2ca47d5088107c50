import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lockValue, unlockValue } from './lock-value.ts';
import { createOpenSealed, createSeal } from './seal-value.ts';

/** As the service gives one: the private half as PKCS #8. */
async function makePair() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.exportKey('raw', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return {
    publicKey: Buffer.from(publicKey).toString('base64'),
    privateKey: Buffer.from(privateKey).toString('base64'),
  };
}

const EDIT = { operation: 'op-1', intents: [{ set: { note: 'Prüfung läuft' } }] };

describe('what is sealed to a person', () => {
  it('is opened by who has their private key, as it was', async () => {
    const anna = await makePair();
    const sealed = await createSeal(anna.publicKey)(EDIT, 'edit 1');
    expect(Buffer.from(sealed.bytes).includes('Prüfung')).toBe(false);
    expect(await (await createOpenSealed([anna]))(sealed, 'edit 1')).toEqual(EDIT);
  });

  it('is opened by nobody else, whoever sealed it', async () => {
    const [anna, ben] = [await makePair(), await makePair()];
    const sealed = await createSeal(anna.publicKey)(EDIT, 'edit 1');
    await expect((await createOpenSealed([ben]))(sealed, 'edit 1')).rejects.toThrow(/another person/);
    await expect((await createOpenSealed([ben]))({ ...sealed, to: ben.publicKey }, 'edit 1')).rejects.toThrow();
  });

  it('opens under an earlier secret as long as that is known', async () => {
    const [now, before] = [await makePair(), await makePair()];
    const sealed = await createSeal(before.publicKey)(EDIT, 'edit 1');
    expect(await (await createOpenSealed([now, before]))(sealed, 'edit 1')).toEqual(EDIT);
  });

  it('opens in no other place, and not when a bit of it is another', async () => {
    const anna = await makePair();
    const open = await createOpenSealed([anna]);
    const sealed = await createSeal(anna.publicKey)(EDIT, 'edit 1');
    await expect(open(sealed, 'edit 2')).rejects.toThrow();
    const bytes = new Uint8Array(sealed.bytes.slice(0));
    bytes.set([(bytes[3] ?? 0) ^ 1], 3);
    await expect(open({ ...sealed, bytes: bytes.buffer }, 'edit 1')).rejects.toThrow();
  });

  it('is sealed to no point that is not on the curve', async () => {
    const point = createECDH('prime256v1').generateKeys();
    point.set([(point[64] ?? 0) ^ 1], 64);
    await expect(createSeal(point.toString('base64'))(EDIT, 'edit 1')).rejects.toThrow();
  });
});

describe('what is locked', () => {
  const makeKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

  it('looks different each time, and opens as what it is with its key alone', async () => {
    const [key, other] = [await makeKey(), await makeKey()];
    const [first, second] = [await lockValue(key, EDIT, 'part 0'), await lockValue(key, EDIT, 'part 0')];
    expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(false);
    expect(await unlockValue(key, first, 'part 0')).toEqual(EDIT);
    await expect(unlockValue(key, first, 'part 1')).rejects.toThrow();
    await expect(unlockValue(other, first, 'part 0')).rejects.toThrow();
  });
});
