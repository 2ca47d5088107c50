import {
  describePatchProblem,
  descriptorOf,
  EDITABLE_FIELDS,
  type FieldOf,
  isOfKind,
  isTyped,
  normalisePatch,
  PERSON_FIELDS,
  type RecordPatch,
  type TypedFieldName,
} from '@meldesync/domain';
import type { Member } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { findMember } from '../session/people.ts';

/** The options of `edit` that change something: a text for a field, or `done` and its opposite `undone` for a flag. */
export type PatchOptions = { readonly [Field in TypedFieldName]?: string } & {
  readonly [Field in FieldOf<'flag'> as Field | `un${Field}`]?: boolean;
};

/**
 * The patch that the options describe; an empty text empties the field, and people are given by their id. Throws
 * `nothingToChange`, `conflictingOptions`, or `fieldRefused` with the domain's reason.
 */
export function toPatch(options: PatchOptions, language: Language): RecordPatch {
  const wanted: { -readonly [Field in keyof RecordPatch]: RecordPatch[Field] } = {};
  for (const field of EDITABLE_FIELDS) {
    if (isTyped(field)) {
      const text = options[field];
      if (text !== undefined) wanted[field] = text;
    } else {
      const [on, off] = [options[field], options[`un${field}`]];
      const { name } = descriptorOf(field);
      if (on && off) throw new CliError('conflictingOptions', { first: `--${name}`, second: `--un${name}` });
      if (on || off) wanted[field] = on === true;
    }
  }
  const normalised = normalisePatch(wanted);
  if (!normalised.ok) {
    const reason = normalised.problems.map((problem) => describePatchProblem(problem, language)).join(' ');
    throw new CliError('fieldRefused', { reason });
  }
  if (Object.keys(normalised.patch).length === 0) throw new CliError('nothingToChange');
  return normalised.patch;
}

/** The options with people by their ids instead of what was written for them. Throws like `findMember`. */
export function withMemberIds(options: PatchOptions, members: readonly Member[], me: string): PatchOptions {
  const ids = PERSON_FIELDS.flatMap((field) => {
    const written = options[field];
    return written ? [[field, findMember(members, written, me)]] : [];
  });
  return { ...options, ...Object.fromEntries(ids) };
}

/** How the fields are written down as `field=value`, one after the other. */
export const WRITTEN_FORMS = EDITABLE_FIELDS.map(
  (field) => `${descriptorOf(field).name}=${isOfKind(field, 'flag') ? 'yes|no' : '…'}`,
).join(', ');
