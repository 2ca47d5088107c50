import { EDITABLE_FIELDS, isTyped, TYPED_FIELDS, type TypedFieldName } from '../fields/field-names.ts';
import type { RecordPatch } from '../fields/record-content.ts';
import { RECORD_FIELDS } from '../fields/record-fields.ts';
import { type PatchProblem, problemOf } from './patch-problems.ts';

/** Longest texts people may enter, in UTF-16 code units after normalisation. */
export const PATCH_LIMITS = Object.fromEntries(TYPED_FIELDS.map((field) => [field, RECORD_FIELDS[field].limit])) as {
  readonly [Field in TypedFieldName]: (typeof RECORD_FIELDS)[Field]['limit'];
};

/** The patch as it will be stored, or all that is wrong with it. */
export type NormalisedPatch =
  | { readonly ok: true; readonly patch: RecordPatch }
  | { readonly ok: false; readonly problems: readonly PatchProblem[] };

function normaliseText(text: string | null): string | null {
  const normalised = text?.replaceAll(/\r\n?/g, '\n').trim().normalize('NFC');
  return normalised === undefined || normalised === '' ? null : normalised;
}

function checkText(field: TypedFieldName, text: string | null): PatchProblem[] {
  if (text === null) return [];
  const { limit, forbidden } = RECORD_FIELDS[field];
  const problems: PatchProblem[] = [];
  if (text.length > limit) problems.push(problemOf(field, 'too-long', { length: text.length, limit }));
  if (forbidden.test(text)) problems.push(problemOf(field, 'characters', {}));
  return problems;
}

/**
 * Brings a patch into the form that is stored and compared: texts trimmed, in Unicode form NFC, lines ended by LF,
 * an empty text is null. Fields that are absent stay absent. Idempotent.
 */
export function normalisePatch(patch: RecordPatch): NormalisedPatch {
  const normalised: { -readonly [Field in keyof RecordPatch]: RecordPatch[Field] } = {};
  const problems: PatchProblem[] = [];
  for (const field of EDITABLE_FIELDS) {
    if (isTyped(field)) {
      const given = patch[field];
      if (given === undefined) continue;
      const text = normaliseText(given);
      normalised[field] = text;
      problems.push(...checkText(field, text));
    } else if (patch[field] !== undefined) {
      normalised[field] = patch[field];
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, patch: normalised };
}
