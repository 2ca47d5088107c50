import { fromBase64, toBase64 } from './base64.ts';
import { encode, type Locked, lockValue, unlockValue } from './lock-value.ts';

/** A value that only one person can read: who has the private key to the public one that it is sealed to. */
export interface Sealed extends Locked {
  /** The public key, in base64: a person has another one after the service's secret was changed. */
  readonly to: string;
  /** The public half of the pair that it was sealed with. */
  readonly from: ArrayBuffer;
}

/** Seals values; everybody may, since it needs the public key alone. */
export type Seal = (value: unknown, about: string) => Promise<Sealed>;
/** Reads what was sealed; rejects where it is another's, damaged, or something else. */
export type OpenSealed = (sealed: Sealed, about: string) => Promise<unknown>;

const CURVE: EcKeyImportParams = { name: 'ECDH', namedCurve: 'P-256' };

/**
 * Makes the function that seals to a person (ECDH on P-256, HKDF, AES-GCM). The pair on this side is made once and lives in memory
 * alone, so that what was sealed cannot be read with what this browser has.
 */
export function createSeal(publicKey: string): Seal {
  const to = fromBase64(publicKey);
  let own: Promise<{ key: CryptoKey; from: ArrayBuffer }> | null = null;
  const make = async () => {
    const theirs = await crypto.subtle.importKey('raw', to, CURVE, false, []);
    const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
    const from = await crypto.subtle.exportKey('raw', pair.publicKey);
    return { from, key: await agree(pair.privateKey, theirs, from, to) };
  };
  return async (value, about) => {
    own ??= make();
    const { key, from } = await own;
    return { to: publicKey, from, ...(await lockValue(key, value, about)) };
  };
}

/** Makes the function that opens what was sealed to any of these pairs, whose private halves no script can read from then on. */
export async function createOpenSealed(
  pairs: readonly { readonly publicKey: string; readonly privateKey: string }[],
): Promise<OpenSealed> {
  const privateKeys = new Map<string, CryptoKey>();
  for (const { publicKey, privateKey } of pairs) {
    const key = await crypto.subtle.importKey('pkcs8', fromBase64(privateKey), CURVE, false, ['deriveBits']);
    privateKeys.set(publicKey, key);
  }
  /** One a page that sealed. */
  const agreed = new Map<string, Promise<CryptoKey>>();
  return async (sealed, about) => {
    const { to, from } = sealed;
    const privateKey = privateKeys.get(to);
    if (!privateKey) throw new Error('It is sealed to another person, or under a secret that is no longer known.');
    const name = `${to} ${toBase64(from)}`;
    const key = agreed.get(name) ?? agreeWith(privateKey, from, to);
    agreed.set(name, key);
    return unlockValue(await key, sealed, about);
  };
}

async function agreeWith(privateKey: CryptoKey, from: ArrayBuffer, to: string): Promise<CryptoKey> {
  const theirs = await crypto.subtle.importKey('raw', from, CURVE, false, []);
  return agree(privateKey, theirs, from, fromBase64(to));
}

/** The key that both sides come to. It belongs to both public keys. */
async function agree(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  from: ArrayBuffer,
  to: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256);
  const salt = new Uint8Array(from.byteLength + to.byteLength);
  salt.set(new Uint8Array(from));
  salt.set(to, from.byteLength);
  return deriveKey(
    await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    salt,
    'meldesync sealed',
  );
}

/** A key of AES-GCM, made of another (HKDF with SHA-256). */
export function deriveKey(base: CryptoKey, salt: BufferSource, info: string): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: encode(info) },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}
