import { readFileSync } from 'node:fs';
import { nodeSha256 } from './sha256.ts';

/** The published examples, by file name. */
export const FIXTURE_NAMES = ['1N4I391IHS', '7GOK6L33N6', 'DIL5WZ3V8O', 'W8C2MM72VD', 'ZW74OS83JI'].map(
  (code) => `Meldebestaetigung_${code}.csv`,
);

/** The bytes of a published example. */
export function readFixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A Vorgangsnummer out of a small number. */
export const vorgangsnummerOf = (number: number): string => number.toString(16).padStart(64, 'a');

/** The eleven fields of the check value in the specification. */
const CHECK_FIELDS = ['A123456789', '20240701001', '260530103', 'KDKK00001', '0', 'O', '9', '1', 'C', '2', '1'];

/** What a test segment differs in from the check value; fields are numbered from 1 as in the specification. */
export interface SegmentChange {
  readonly fields?: Readonly<Record<number, string>>;
  readonly tag?: string;
  readonly code?: string;
  readonly hashString?: string;
  readonly produktzuordnung?: string;
  readonly hash?: string;
}

/** An IBE segment in which all that is not changed is right, the hash included. */
export function segmentWith(change: SegmentChange = {}): string {
  const fields = CHECK_FIELDS.map((text, index) => change.fields?.[index + 1] ?? text);
  const hashString = change.hashString ?? fields.join('&');
  return [
    change.tag ?? 'IBE',
    change.code ?? fields[0],
    hashString,
    change.produktzuordnung ?? fields[6],
    change.hash ?? nodeSha256.sha256Hex(hashString),
  ].join('+');
}
