import { fillSentence, type Language, type Params, type Sentence } from '../catalogue.ts';
import type { RecordPatch } from './record.ts';

/** Longest texts people may enter, in UTF-16 code units after normalisation (what `maxlength` counts, too). */
export const PATCH_LIMITS = { caseId: 64, assignee: 64, note: 2000 } as const;

type PatchTextField = keyof typeof PATCH_LIMITS;

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
} as const satisfies Readonly<Record<string, Sentence>>;

export type PatchProblemCode = keyof typeof PATCH_PROBLEM_CATALOGUE;

/** One field of a patch that cannot be taken. */
export interface PatchProblem {
  readonly code: PatchProblemCode;
  readonly field: PatchTextField;
  readonly params: Params;
}

/** The patch as it will be stored, or all that is wrong with it. */
export type NormalisedPatch =
  | { readonly ok: true; readonly patch: RecordPatch }
  | { readonly ok: false; readonly problems: readonly PatchProblem[] };

interface TextRule {
  readonly forbidden: RegExp;
  readonly tooLong: PatchProblemCode;
  readonly characters: PatchProblemCode;
}

/** Control, format (zero-width, direction) and separator characters, lone surrogates: two ids must not look the same. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** A note may have lines and tabs, and what emoji are joined with. */
const NOT_IN_A_NOTE = /(?![\n\t])\p{Cc}|\p{Cs}/u;

const TEXT_RULES: Readonly<Record<PatchTextField, TextRule>> = {
  caseId: { forbidden: INVISIBLE, tooLong: 'case-id-too-long', characters: 'case-id-characters' },
  assignee: { forbidden: INVISIBLE, tooLong: 'assignee-too-long', characters: 'assignee-characters' },
  note: { forbidden: NOT_IN_A_NOTE, tooLong: 'note-too-long', characters: 'note-characters' },
};

function normaliseText(text: string | null): string | null {
  const normalised = text?.replaceAll(/\r\n?/g, '\n').trim().normalize('NFC');
  return normalised === undefined || normalised === '' ? null : normalised;
}

function checkText(field: PatchTextField, text: string | null): PatchProblem[] {
  if (text === null) return [];
  const rule = TEXT_RULES[field];
  const limit = PATCH_LIMITS[field];
  const problems: PatchProblem[] = [];
  if (text.length > limit) problems.push({ code: rule.tooLong, field, params: { length: text.length, limit } });
  if (rule.forbidden.test(text)) problems.push({ code: rule.characters, field, params: {} });
  return problems;
}

/**
 * Brings a patch into the form that is stored and compared: texts trimmed, in Unicode form NFC, lines ended by LF,
 * an empty text is null. Fields that are absent stay absent. Idempotent.
 */
export function normalisePatch(patch: RecordPatch): NormalisedPatch {
  const normalised: { -readonly [Field in keyof RecordPatch]: RecordPatch[Field] } = {};
  const problems: PatchProblem[] = [];
  if (patch.done !== undefined) normalised.done = patch.done;
  for (const field of ['caseId', 'assignee', 'note'] as const) {
    const given = patch[field];
    if (given === undefined) continue;
    const text = normaliseText(given);
    normalised[field] = text;
    problems.push(...checkText(field, text));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, patch: normalised };
}

/** One sentence that says why the field cannot be taken. */
export function describePatchProblem(problem: PatchProblem, language: Language): string {
  return fillSentence(PATCH_PROBLEM_CATALOGUE[problem.code], language, problem.params);
}
