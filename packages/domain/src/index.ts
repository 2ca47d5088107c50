export { compareCaseIds } from './case/case-id-order.ts';
export { type CaseRecord, type CaseStatus, caseStatus } from './case/case-status.ts';
export { type NormalisedPatch, normalisePatch, PATCH_LIMITS } from './case/patch.ts';
export { describePatchProblem, type PatchProblem, type PatchProblemCode } from './case/patch-problems.ts';
export {
  compareWorkingOrder,
  type WorkingOrderGroup,
  type WorkingOrderKey,
  workingOrderGroup,
} from './case/working-order.ts';
export type { Language } from './catalogue.ts';
export { describeImportFinding, IMPORT_CATALOGUE, type ImportFindingCode } from './csv/import-finding.ts';
export { CSV_MARK, csvLine } from './csv/write-csv.ts';
export * from './fields/descriptor.ts';
export * from './fields/field-names.ts';
export * from './fields/record-content.ts';
export { RECORD_FIELDS } from './fields/record-fields.ts';
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
export { endOfDay, isTimeZone } from './members/end-of-day.ts';
export {
  judgePassword,
  LEAST_PASSWORD_SCORE,
  PASSWORD_LENGTH,
  type PasswordOwner,
  type PasswordProblem,
  wordsOfOwner,
} from './password/rules.ts';
export { emailAddress, MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, personName } from './people.ts';
