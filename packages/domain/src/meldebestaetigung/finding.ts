import { fillSentence, type Language, type Params, type ParamsOf } from '../catalogue.ts';
import { FINDING_CATALOGUE, type FindingCode, type FindingEntry, type FindingSeverity } from './finding-catalogue.ts';
import type { Meldebestaetigung } from './meldebestaetigung.ts';

/** Where a finding belongs: the two inputs or a field of the Meldebestätigung. */
export type FindingField = 'vorgangsnummer' | 'ibe' | keyof Meldebestaetigung;

/** One thing that is wrong or doubtful, with the values its sentence needs. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly field: FindingField | null;
  readonly params: Params;
}

/** Takes each finding while a text is read. */
export type ReportFinding = (finding: Finding) => void;

/** Makes a finding with exactly the parameters its sentence names. */
export function makeFinding<Code extends FindingCode>(
  code: Code,
  field: FindingField | null,
  params: ParamsOf<(typeof FINDING_CATALOGUE)[Code]>,
): Finding {
  const { severity }: FindingEntry = FINDING_CATALOGUE[code];
  return { code, severity, field, params };
}

/** One sentence that says what was found, without a Vorgangsnummer or case id. */
export function describeFinding(finding: Finding, language: Language): string {
  return fillSentence(FINDING_CATALOGUE[finding.code], language, finding.params);
}
