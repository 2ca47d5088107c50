import {
  type Finding,
  type MeldebestaetigungInput,
  parseIbeSegment,
  validateMeldebestaetigung,
} from '@meldesync/domain';

/**
 * Everything there is to say about a record, its hash checked by the browser. `crypto.subtle` exists on secure pages
 * only; without it the hash is taken as the service took it when it accepted the record.
 */
export async function findingsOf(input: MeldebestaetigungInput): Promise<readonly Finding[]> {
  const mb = parseIbeSegment(input.ibe);
  const digest = mb && globalThis.crypto.subtle ? await sha256Hex(mb.hashString) : (mb?.hash ?? '');
  return validateMeldebestaetigung(input, { sha256Hex: () => digest }).findings;
}

async function sha256Hex(ascii: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(ascii));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
