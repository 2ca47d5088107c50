/** A value that only who has the key can read. */
export interface Locked {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: ArrayBuffer;
}

/** Of AES-GCM (NIST SP 800-38D, 8.2.2): so many random values as a session locks never meet. */
const IV_BYTES = 12;

/** Locks anything JSON can say with AES-GCM. `about` says what it is: put in the place of something else, it does not open. */
export async function lockValue(key: CryptoKey, value: unknown, about: string): Promise<Locked> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const bytes = await crypto.subtle.encrypt(algorithmOf(iv, about), key, encode(JSON.stringify(value)));
  return { iv, bytes };
}

/** Reads what was locked; rejects where it is another's, damaged, or something else. */
export async function unlockValue(key: CryptoKey, { iv, bytes }: Locked, about: string): Promise<unknown> {
  const opened = await crypto.subtle.decrypt(algorithmOf(iv, about), key, bytes);
  return JSON.parse(new TextDecoder().decode(opened)) as unknown;
}

export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function algorithmOf(iv: Uint8Array<ArrayBuffer>, about: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: encode(about) };
}
