import { fillSentence, type Language, type Params, type Sentence } from '../catalogue.ts';
import type { TypedFieldName } from '../fields/field-names.ts';
import { RECORD_FIELDS } from '../fields/record-fields.ts';

/** What can be wrong with a text. */
type TextProblem = 'too-long' | 'characters';

/** Why a field of a patch cannot be taken: its name and what is wrong, `case-id-too-long`. */
export type PatchProblemCode<Field extends TypedFieldName = TypedFieldName> =
  `${(typeof RECORD_FIELDS)[Field]['name']}-${TextProblem}`;

/** Why a patch is refused; stable codes with a sentence each. */
export const PATCH_PROBLEM_CATALOGUE = {
  'case-id-too-long': {
    de: 'Die Fallnummer hat {length} Zeichen; erlaubt sind höchstens {limit}.',
    en: 'The case id has {length} characters; at most {limit} are allowed.',
  },
  'case-id-characters': {
    de: 'Die Fallnummer enthält Steuerzeichen oder unsichtbare Zeichen. Bitte geben Sie sie von Hand ein.',
    en: 'The case id contains control or invisible characters. Please type it in.',
  },
  'assignee-too-long': {
    de: 'Die Kennung der bearbeitenden Person hat {length} Zeichen; erlaubt sind höchstens {limit}.',
    en: 'The id of the assignee has {length} characters; at most {limit} are allowed.',
  },
  'assignee-characters': {
    de: 'Die Kennung der bearbeitenden Person enthält Steuerzeichen oder unsichtbare Zeichen.',
    en: 'The id of the assignee contains control or invisible characters.',
  },
  'note-too-long': {
    de: 'Die Notiz hat {length} Zeichen; erlaubt sind höchstens {limit}.',
    en: 'The note has {length} characters; at most {limit} are allowed.',
  },
  'note-characters': {
    de: 'Die Notiz enthält Steuerzeichen. Bitte entfernen Sie diese.',
    en: 'The note contains control characters. Please remove them.',
  },
} as const satisfies Readonly<Record<PatchProblemCode, Sentence>>;

/** One field of a patch that cannot be taken. */
export interface PatchProblem {
  readonly code: PatchProblemCode;
  readonly field: TypedFieldName;
  readonly params: Params;
}

/** What is wrong with a text in a field; both in their normal form. */
export function problemOf(field: TypedFieldName, what: TextProblem, params: Params): PatchProblem {
  const { name } = RECORD_FIELDS[field];
  return { code: `${name}-${what}`, field, params };
}

/** One sentence that says why the field cannot be taken. */
export function describePatchProblem(problem: PatchProblem, language: Language): string {
  return fillSentence(PATCH_PROBLEM_CATALOGUE[problem.code], language, problem.params);
}
