import type { Member, RecordPatch } from '@meldesync/protocol';
import { type PatchOptions, toPatch } from '../edit/patch.ts';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { findMember } from '../session/people.ts';

const FIELDS = { caseId: 'caseId', 'case-id': 'caseId', done: 'done', assignee: 'assignee', note: 'note' } as const;
const FLAGS: Readonly<Record<string, boolean>> = {
  yes: true,
  ja: true,
  true: true,
  no: false,
  nein: false,
  false: false,
};

/** A field of a record and what a person wrote for it. */
export interface WrittenField {
  readonly field: keyof RecordPatch;
  readonly value: string;
}

/** Parser of `--set field=value`, which may be given more than once. Throws `invalidOptionValue`. */
export function collectField(value: string, before: readonly WrittenField[] | undefined): readonly WrittenField[] {
  const [, name = '', text = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  const field = Object.entries(FIELDS).find(([known]) => known === name)?.[1];
  if (field === undefined) {
    const allowed = 'case-id=…, done=yes|no, assignee=…, note=…';
    throw new CliError('invalidOptionValue', { option: '--set', value, allowed });
  }
  return [...(before ?? []).filter((other) => other.field !== field), { field, value: text }];
}

/**
 * The patch that was written down, as `edit` reads its options: an empty text empties the field. Throws
 * `invalidFieldValue`, `fieldRefused`, `assigneeUnknown` or `assigneeAmbiguous`.
 */
export function readFields(
  written: readonly WrittenField[],
  members: readonly Member[],
  me: string,
  language: Language,
): RecordPatch {
  const options: { -readonly [Key in keyof PatchOptions]: PatchOptions[Key] } = {};
  for (const { field, value } of written) {
    if (field === 'done') {
      const done = FLAGS[value.trim().toLowerCase()];
      if (done === undefined) throw new CliError('invalidFieldValue', { field: 'done', value, allowed: 'yes, no' });
      options[done ? 'done' : 'undone'] = true;
    } else {
      options[field] = field === 'assignee' && value !== '' ? findMember(members, value, me) : value;
    }
  }
  return toPatch(options, language);
}
