import { type Finding, makeFinding, type ReportFinding } from './finding.ts';
import type { Meldebestaetigung } from './meldebestaetigung.ts';
import { canonicalSegment, readSegment, type SegmentElements, type Sha256, splitSegment } from './segment.ts';
import { findDoubts } from './warnings.ts';

/** The two texts of a CSV row. */
export interface MeldebestaetigungInput {
  readonly vorgangsnummer: string;
  readonly ibe: string;
}

/** The outcome of validation: the canonical record with its warnings, or everything that speaks against it. */
export type ValidationResult =
  | {
      readonly ok: true;
      /** 64 hexadecimal digits in lower case: the natural key. */
      readonly vorgangsnummer: string;
      /** The segment, its hash in lower case. */
      readonly ibe: string;
      readonly value: Meldebestaetigung;
      /** Warnings only. */
      readonly findings: Finding[];
    }
  | {
      readonly ok: false;
      /** At least one error, all that could be determined. */
      readonly findings: Finding[];
    };

const VORGANGSNUMMER_LENGTH = 64;

function checkVorgangsnummer(vorgangsnummer: string, report: ReportFinding): void {
  if (vorgangsnummer === '') {
    report(makeFinding('vorgangsnummer-missing', 'vorgangsnummer', {}));
    return;
  }
  if (vorgangsnummer.length !== VORGANGSNUMMER_LENGTH) {
    report(makeFinding('vorgangsnummer-length', 'vorgangsnummer', { length: vorgangsnummer.length }));
  }
  const foreign = vorgangsnummer.search(/[^0-9a-fA-F]/);
  if (foreign >= 0) report(makeFinding('vorgangsnummer-charset', 'vorgangsnummer', { position: foreign + 1 }));
}

/** The hash covers ASCII bytes; a hash or hash string that is malformed has its own finding already. */
function checkHash({ hashString, hash }: SegmentElements, deps: Sha256, report: ReportFinding): void {
  const comparable = /^[\0-\x7F]*$/.test(hashString) && /^[0-9a-f]{64}$/.test(hash);
  if (comparable && deps.sha256Hex(hashString) !== hash) report(makeFinding('hash-mismatch', 'hash', {}));
}

/**
 * Checks a Vorgangsnummer and its Meldebestätigung against every rule of the specification. The texts are taken as they
 * are: white space around them is an error (the CSV reader trims its cells).
 */
export function validateMeldebestaetigung(input: MeldebestaetigungInput, deps: Sha256): ValidationResult {
  const errors: Finding[] = [];
  const report: ReportFinding = (finding) => errors.push(finding);

  checkVorgangsnummer(input.vorgangsnummer, report);
  const elements = splitSegment(input.ibe, report);
  const value = elements && readSegment(elements, report);
  if (elements) checkHash(elements, deps, report);
  if (value === null || errors.length > 0) return { ok: false, findings: errors };

  const ibe = canonicalSegment(input.ibe);
  const findings = findDoubts(value);
  if (ibe !== input.ibe) findings.push(makeFinding('hash-upper-case', 'hash', {}));
  return {
    ok: true,
    vorgangsnummer: input.vorgangsnummer.toLowerCase(),
    ibe,
    value,
    findings,
  };
}
