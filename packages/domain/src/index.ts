export { compareCaseIds } from './case/case-id-order.ts';
export { type CaseRecord, type CaseStatus, caseStatus } from './case/case-status.ts';
export {
  describePatchProblem,
  type NormalisedPatch,
  normalisePatch,
  PATCH_LIMITS,
  type PatchProblem,
  type PatchProblemCode,
} from './case/patch.ts';
export type { RecordFields, RecordPatch } from './case/record.ts';
export {
  compareWorkingOrder,
  type WorkingOrderGroup,
  type WorkingOrderKey,
  workingOrderGroup,
} from './case/working-order.ts';
export type { Language } from './catalogue.ts';
export { describeImportFinding, IMPORT_CATALOGUE, type ImportFindingCode } from './csv/import-finding.ts';
export { describeField, describeFieldValue } from './meldebestaetigung/field-texts.ts';
export { describeFinding, type Finding, type FindingField } from './meldebestaetigung/finding.ts';
export { FINDING_CATALOGUE, type FindingCode, type FindingSeverity } from './meldebestaetigung/finding-catalogue.ts';
export type { HashStringFields, Meldebestaetigung } from './meldebestaetigung/meldebestaetigung.ts';
export { formatIbeSegment, parseIbeSegment, type Sha256 } from './meldebestaetigung/segment.ts';
export {
  type MeldebestaetigungInput,
  type ValidationResult,
  validateMeldebestaetigung,
} from './meldebestaetigung/validate.ts';
