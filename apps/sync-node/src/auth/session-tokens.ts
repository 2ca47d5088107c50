import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 24 random bytes are 32 letters and digits of base64url. */
const TOKEN_BYTES = 24;
/** How much of a key's hash names it: enough to tell a few keys apart, too little to find out the key by. */
const KEY_ID_BYTES = 4;

/** A secret that signs sessions. */
export interface SessionKey {
  /** Eight hex digits that name it. */
  readonly id: string;
  readonly secret: string;
}

/** The keys that sign sessions: what is begun is signed with the first; the others are accepted. */
export type SessionKeys = readonly [SessionKey, ...SessionKey[]];

/** The keys of `AUTH_SECRET` and `AUTH_SECRET_PREVIOUS`. */
export function sessionKeys(current: string, previous: readonly string[] = []): SessionKeys {
  return [keyOf(current), ...previous.map(keyOf)];
}

function keyOf(secret: string): SessionKey {
  const id = createHash('sha256')
    .update(`meldesync session key ${secret}`)
    .digest('hex')
    .slice(0, 2 * KEY_ID_BYTES);
  return { id, secret };
}

/**
 * The same keys as better-auth wants them for what it encrypts, such as the secrets of second factors. It names the key in what it
 * encrypts, by a number, which here is the key's own and not its place.
 */
export function encryptionKeys(keys: SessionKeys): { version: number; value: string }[] {
  return keys.map((key) => ({ version: versionOf(key), value: key.secret }));
}

/** Those as its functions take them that encrypt and decrypt: the first encrypts, each opens what it has encrypted. */
export function encryptionConfig(keys: SessionKeys): { keys: Map<number, string>; currentVersion: number } {
  return { keys: new Map(keys.map((key) => [versionOf(key), key.secret])), currentVersion: versionOf(keys[0]) };
}

function versionOf({ id }: SessionKey): number {
  return Number.parseInt(id, 16);
}

/** What the table keeps of a token: SHA-256, in hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A token as its holder shows it: itself, a dot, and its HMAC-SHA-256 in base64. It opens nothing without that. */
export function signToken(token: string, secret: string): string {
  return `${token}.${signatureOf(token, secret).toString('base64')}`;
}

/** Whether the signature, in base64 or base64url, is that of the token under the secret. */
export function isSignatureOf(signature: string, token: string, secret: string): boolean {
  const [given, right] = [Buffer.from(signature, 'base64'), signatureOf(token, secret)];
  return given.length === right.length && timingSafeEqual(given, right);
}

function signatureOf(token: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(token).digest();
}

/** A token that was made just now. */
export interface NewSessionToken {
  /** For its holder: signed, in characters that need no escape anywhere. It is shown once. */
  readonly token: string;
  /** For `session.token`. */
  readonly hash: string;
  /** For `session.key_id`. */
  readonly keyId: string;
}

/** Makes a token for a session that somebody else keeps, such as that of a program; `secret` is `AUTH_SECRET`. */
export function newSessionToken(secret: string): NewSessionToken {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return {
    token: `${token}.${signatureOf(token, secret).toString('base64url')}`,
    hash: hashToken(token),
    keyId: keyOf(secret).id,
  };
}
