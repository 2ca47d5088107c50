import type { Meldebestaetigung } from '../meldebestaetigung/meldebestaetigung.ts';

/** What the status of a case needs of each of its records. */
export interface CaseRecord {
  readonly mb: Meldebestaetigung;
  readonly done: boolean;
}

/** How far a case has come. */
export interface CaseStatus {
  /** Complete: genomic and clinical data, or clinical data of a case solved without sequencing. */
  readonly completeness: 'complete' | 'clinical-only' | 'genomic-only';
  /** Can be billed: Erstmeldung with passed QC for both kinds, or for clinical data alone without sequencing. */
  readonly valid: boolean;
  /** All records are marked done. */
  readonly done: boolean;
  /** The case may be marked done: it has both kinds, or clinical data without sequencing whose QC passed. */
  readonly mayBeDone: boolean;
}

const isGenomic = (mb: Meldebestaetigung): boolean => mb.artDerDaten === 'G';
const isClinical = (mb: Meldebestaetigung): boolean => mb.artDerDaten === 'C';
const isUnsequenced = (mb: Meldebestaetigung): boolean => isClinical(mb) && mb.artDerSequenzierung === 0;
const hasPassed = (mb: Meldebestaetigung): boolean => mb.qualitaetskontrolle === 1;
const isBillable = (mb: Meldebestaetigung): boolean => mb.typ === 0 && hasPassed(mb);

/**
 * The status of a case from all its records. Follow-ups, corrections and repeated reports beside a billable one do not
 * make a case invalid. Clinical data without sequencing count for themselves only while there are no genomic data;
 * a case that has both is valid as a pair or not at all.
 *
 * @throws RangeError for no records: a case exists through its records
 */
export function caseStatus(records: readonly CaseRecord[]): CaseStatus {
  if (records.length === 0) throw new RangeError('A case has at least one record');
  const mbs = records.map((record) => record.mb);
  const hasGenomic = mbs.some(isGenomic);
  const isPair = hasGenomic && mbs.some(isClinical);

  const isComplete = isPair || mbs.some(isUnsequenced);
  const incompleteness = hasGenomic ? 'genomic-only' : 'clinical-only';
  const valid = hasGenomic
    ? mbs.some((mb) => isGenomic(mb) && isBillable(mb)) && mbs.some((mb) => isClinical(mb) && isBillable(mb))
    : mbs.some((mb) => isUnsequenced(mb) && isBillable(mb));

  return {
    completeness: isComplete ? 'complete' : incompleteness,
    valid,
    done: records.every((record) => record.done),
    mayBeDone: isPair || mbs.some((mb) => isUnsequenced(mb) && hasPassed(mb)),
  };
}
