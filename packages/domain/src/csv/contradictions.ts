import { canonicalSegment } from '../meldebestaetigung/segment.ts';

/** What two rows are compared by. */
export interface NumberedSegment {
  readonly vorgangsnummer: string;
  readonly ibe: string;
  readonly line: number;
}

const VORGANGSNUMMER = /^[0-9a-f]{64}$/;

/** The 256 bits of a Vorgangsnummer as a string of 16 UTF-16 code units: unique, and much smaller than its 64 digits. */
function pack(vorgangsnummer: string): string {
  const units = Array.from({ length: 16 }, (_unit, index) =>
    Number.parseInt(vorgangsnummer.slice(4 * index, 4 * index + 4), 16),
  );
  return String.fromCharCode(...units);
}

/**
 * A 53-bit fingerprint (cyrb53) of a segment. Enough to tell two segments of one number apart by chance; a segment made
 * to collide would still fail the check of its SHA-256.
 */
function fingerprint(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/**
 * Finds the Vorgangsnummern that occur more than once with different Meldebestätigungen, and all lines of each in the
 * order of the rows. Upper and lower case of number and hash make no difference. Rows whose Vorgangsnummer is
 * none are left to validation. Keeps about 100 bytes a row.
 *
 * @returns a map from the Vorgangsnummer in lower case to the lines it occurs in
 */
export async function findContradictions(
  rows: Iterable<NumberedSegment> | AsyncIterable<NumberedSegment>,
): Promise<Map<string, number[]>> {
  const slots = new Map<string, number>();
  const firstLines: number[] = [];
  const fingerprints: number[] = [];
  const repeated = new Map<string, number[]>();
  const contradictory = new Set<string>();

  for await (const row of rows) {
    const vorgangsnummer = row.vorgangsnummer.toLowerCase();
    if (!VORGANGSNUMMER.test(vorgangsnummer)) continue;
    const content = fingerprint(canonicalSegment(row.ibe));
    const key = pack(vorgangsnummer);
    const slot = slots.get(key);
    if (slot === undefined) {
      slots.set(key, firstLines.length);
      firstLines.push(row.line);
      fingerprints.push(content);
      continue;
    }
    const lines = repeated.get(vorgangsnummer) ?? [firstLines[slot] ?? row.line];
    lines.push(row.line);
    repeated.set(vorgangsnummer, lines);
    if (fingerprints[slot] !== content) contradictory.add(vorgangsnummer);
  }

  return new Map([...repeated].filter(([vorgangsnummer]) => contradictory.has(vorgangsnummer)));
}
