import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from './hashes.ts';
import { jsonbArray } from './jsonb-text.ts';

/** A signed word that the chain was so long, and what its last link was. */
export interface Checkpoint {
  /** The seal whose link is signed. */
  readonly no: number;
  readonly size: number;
  readonly link: Uint8Array;
  /** When it was sealed, in microseconds since 1970. */
  readonly micros: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A key that is none, or none for Ed25519. */
export class WrongKey extends Error {
  override readonly name = 'WrongKey';
}

/** What signs checkpoints. */
export interface CheckpointSigner {
  readonly keyId: string;
  readonly sign: (checkpoint: Pick<Checkpoint, 'no' | 'size' | 'link' | 'micros'>) => Checkpoint;
}

/** The keys that checkpoints are held to, by their ids. */
export type CheckpointKeys = ReadonlyMap<string, KeyObject>;

const ED25519 = 'ed25519';

/** Names a key: the first 16 hex digits of the SHA-256 of its public half (SPKI, DER). */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return sha256(publicKey.export({ format: 'der', type: 'spki' })).toString('hex', 0, 8);
}

/** The bytes that are signed. */
export function checkpointText({ no, size, link, micros, keyId }: Omit<Checkpoint, 'signature'>): string {
  const digits = Buffer.from(link).toString('hex');
  return jsonbArray(['meldesync-checkpoint-1', String(no), String(size), digits, micros, keyId]);
}

/** Takes a private key as PKCS#8 in PEM; throws WrongKey. */
export function createCheckpointSigner(pem: string): CheckpointSigner {
  const key = readKey(() => createPrivateKey(pem));
  const keyId = keyIdOf(key);
  return {
    keyId,
    sign: (checkpoint) => {
      const unsigned = { ...checkpoint, keyId };
      return { ...unsigned, signature: sign(null, Buffer.from(checkpointText(unsigned), 'utf8'), key) };
    },
  };
}

const PEM = /-----BEGIN (PUBLIC|PRIVATE) KEY-----[^-]+-----END \1 KEY-----/g;

/** Takes one or more keys in PEM, public or private, such as those of before and after a change; throws WrongKey. */
export function readCheckpointKeys(pem: string): CheckpointKeys {
  const keys = [...pem.matchAll(PEM)].map(([text]) => readKey(() => createPublicKey(text)));
  if (keys.length === 0) throw new WrongKey('there is no PEM with a key');
  return new Map(keys.map((key) => [keyIdOf(key), key]));
}

/** Whether one of the keys signed it; null where none of them is of its id. */
export function isSignedBy(checkpoint: Checkpoint, keys: CheckpointKeys): boolean | null {
  const key = keys.get(checkpoint.keyId);
  if (key === undefined) return null;
  return verify(null, Buffer.from(checkpointText(checkpoint), 'utf8'), key, checkpoint.signature);
}

const line = z
  .object({
    no: z.int().positive(),
    size: z.int().positive(),
    root: z.string().regex(/^[0-9a-f]{64}$/),
    at: z.string().regex(/^\d{1,17}$/),
    keyId: z.string().regex(/^[0-9a-f]{16}$/),
    signature: z.string().regex(/^[0-9a-f]{128}$/),
  })
  .strict();

/** A line of the file of checkpoints, without its end: what a receiver is posted too. */
export function checkpointLine({ no, size, link, micros, keyId, signature }: Checkpoint): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return JSON.stringify({ no, size, root: hex(link), at: micros, keyId, signature: hex(signature) });
}

/** Null where it is no such line. */
export function parseCheckpointLine(text: string): Checkpoint | null {
  const parsed = line.safeParse(parseOrNull(text));
  if (!parsed.success) return null;
  const { no, size, root, at, keyId, signature } = parsed.data;
  return { no, size, link: Buffer.from(root, 'hex'), micros: at, keyId, signature: Buffer.from(signature, 'hex') };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    // What the key is made of must not come into any message.
    throw new WrongKey('it cannot be read as a key in PEM', { cause: cause instanceof Error ? cause.name : undefined });
  }
  if (key.asymmetricKeyType !== ED25519) throw new WrongKey(`it is a key for ${key.asymmetricKeyType}, not Ed25519`);
  return key;
}
