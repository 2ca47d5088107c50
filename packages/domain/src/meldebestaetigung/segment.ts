import { excerpt } from './excerpt.ts';
import { makeFinding, type ReportFinding } from './finding.ts';
import { formatHashString, readHashString } from './hash-string.ts';
import type { HashStringFields, Meldebestaetigung } from './meldebestaetigung.ts';

/** Computes the SHA-256 of an ASCII text as 64 lower-case hexadecimal digits; the caller's platform supplies it. */
export interface Sha256 {
  sha256Hex(ascii: string): string;
}

/** The four data elements of an IBE segment; the hash in lower case. */
export interface SegmentElements {
  readonly code: string;
  readonly hashString: string;
  readonly produktzuordnung: string;
  readonly hash: string;
}

const SEGMENT_TAG = 'IBE';
const ELEMENT_COUNT = 5;
const HASH = /^[0-9a-fA-F]{64}$/;

/**
 * The segment with its hash in lower case. The specification only says "hexadecimal number of 64 characters", so an
 * upper-case hash means the same; its documented form, and the one we keep, compare and pass on, is lower case.
 */
export function canonicalSegment(ibe: string): string {
  const hashStart = ibe.lastIndexOf('+') + 1;
  return ibe.slice(0, hashStart) + ibe.slice(hashStart).toLowerCase();
}

/** A hash string with a stray `+` splits into too many parts: put it together again if the end is as it should be. */
function joinStrayPluses(parts: readonly string[]): readonly string[] {
  const [tag, code, ...rest] = parts;
  const hash = rest.pop();
  const produktzuordnung = rest.pop();
  if (tag === undefined || code === undefined || hash === undefined || produktzuordnung === undefined) return parts;
  const endsAsItShould = produktzuordnung.length === 1 && HASH.test(hash);
  return endsAsItShould ? [tag, code, rest.join('+'), produktzuordnung, hash] : parts;
}

/** Splits an IBE segment into its elements, as far as it has them; reports what keeps it from being one. */
export function splitSegment(ibe: string, report: ReportFinding): SegmentElements | null {
  if (ibe === '') {
    report(makeFinding('ibe-missing', 'ibe', {}));
    return null;
  }
  const all = ibe.split('+');
  const parts = all.length > ELEMENT_COUNT ? joinStrayPluses(all) : all;
  const tag = parts[0];
  const code = parts[1];
  const hashString = parts[2];
  const produktzuordnung = parts[3];
  const hash = parts[4];
  if (tag !== SEGMENT_TAG) report(makeFinding('ibe-tag', 'ibe', { tag: excerpt(tag ?? '') }));
  if (
    code === undefined ||
    hashString === undefined ||
    produktzuordnung === undefined ||
    hash === undefined ||
    parts.length > ELEMENT_COUNT
  ) {
    report(makeFinding('ibe-elements', 'ibe', { count: all.length }));
    return null;
  }
  if (!HASH.test(hash)) report(makeFinding('hash-format', 'hash', { length: hash.length }));
  return { code, hashString, produktzuordnung, hash: hash.toLowerCase() };
}

/** Reads a split segment and compares the fields of its hash string with the elements that repeat them. */
export function readSegment(elements: SegmentElements, report: ReportFinding): Meldebestaetigung | null {
  const value = readHashString(elements.hashString, elements.hash, report);
  const isRepeatedRight = elements.code === value?.code && elements.produktzuordnung === String(value.produktzuordnung);
  if (!isRepeatedRight) reportRepetition(elements, report);
  return value;
}

function reportRepetition(elements: SegmentElements, report: ReportFinding): void {
  const texts = elements.hashString.split('&');
  const code = texts[0] ?? '';
  if (code !== elements.code) {
    report(makeFinding('code-mismatch', 'code', { segment: excerpt(elements.code), hashString: excerpt(code) }));
  }
  const produktzuordnung = texts[6];
  if (produktzuordnung !== undefined && produktzuordnung !== elements.produktzuordnung) {
    const params = { segment: excerpt(elements.produktzuordnung), hashString: excerpt(produktzuordnung) };
    report(makeFinding('produktzuordnung-mismatch', 'produktzuordnung', params));
  }
}

/**
 * Reads an IBE segment that was accepted before, for clients. Checks the form of everything but not the hash; null if
 * the text is no such segment. For every segment `validateMeldebestaetigung` accepts this returns the same value.
 */
export function parseIbeSegment(text: string): Meldebestaetigung | null {
  let failed = false;
  const fail = (): void => {
    failed = true;
  };
  const elements = splitSegment(text, fail);
  const value = elements && readSegment(elements, fail);
  return failed ? null : value;
}

/** Writes the IBE segment of a Meldebestätigung, hash included; `parseIbeSegment` reads it back. */
export function formatIbeSegment(fields: HashStringFields, deps: Sha256): string {
  const hashString = formatHashString(fields);
  return [SEGMENT_TAG, fields.code, hashString, fields.produktzuordnung, deps.sha256Hex(hashString)].join('+');
}
