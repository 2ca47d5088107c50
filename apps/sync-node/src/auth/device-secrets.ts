import { createECDH, createPrivateKey, hkdfSync } from 'node:crypto';
import type { DeviceKeys } from '@meldesync/protocol';

/** Order of the base point of P-256 (FIPS 186-5). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** 64 bits more than the order has, so that no scalar is likelier than another (FIPS 186-5, A.2.1). */
const SCALAR_BYTES = 40;
const KEY_BYTES = 32;

type SealingPair = DeviceKeys['sealing'][number];

/** Keys that browsers keep something under. The same on every node, and nowhere stored: each is made of the secret when asked for. */
export interface DeviceSecrets {
  /** Names a session to its browser, without being its id. */
  nameOf(sessionId: string): string;
  /** The key of the copy that a session keeps, in base64. */
  copyKey(sessionId: string): string;
  /** The pairs that a person's edits are sealed with: that of the newest secret first. */
  sealing(userId: string): SealingPair[];
  /** The public half of the first of them. */
  publicKey(userId: string): string;
}

/** Makes them of the secrets that sign sessions, newest first. */
export function createDeviceSecrets(secrets: readonly string[]): DeviceSecrets {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('there is no secret');
  return {
    nameOf: (sessionId) => derive(newest, `device/name/${sessionId}`, 16).toString('base64url'),
    copyKey: (sessionId) => derive(newest, `device/copy/${sessionId}`, KEY_BYTES).toString('base64'),
    sealing: (userId) => secrets.map((secret) => pairOf(secret, userId)),
    publicKey: (userId) => pairOf(newest, userId).publicKey,
  };
}

function derive(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'meldesync', purpose, bytes));
}

function pairOf(secret: string, userId: string): SealingPair {
  const random = BigInt(`0x${derive(secret, `device/sealing/${userId}`, SCALAR_BYTES).toString('hex')}`);
  const scalar = Buffer.from(((random % (ORDER - 1n)) + 1n).toString(16).padStart(2 * KEY_BYTES, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  const point = curve.getPublicKey();
  const coordinate = (first: number) => point.subarray(first, first + KEY_BYTES).toString('base64url');
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: scalar.toString('base64url'),
      x: coordinate(1),
      y: coordinate(1 + KEY_BYTES),
    },
  });
  return {
    publicKey: point.toString('base64'),
    privateKey: key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
}
