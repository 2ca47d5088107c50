import { descriptorOf, EDITABLE_FIELDS, type EditableField, isTyped, type RecordPatch } from '@meldesync/domain';
import type { Member } from '@meldesync/protocol';
import { type PatchOptions, toPatch, WRITTEN_FORMS, withMemberIds } from '../edit/patch.ts';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';

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
  readonly field: EditableField;
  readonly value: string;
}

/** Parser of `--set field=value`, which may be given more than once. Throws `invalidOptionValue`. */
export function collectField(value: string, before: readonly WrittenField[] | undefined): readonly WrittenField[] {
  const [, name = '', text = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  const field = EDITABLE_FIELDS.find((known) => known === name || descriptorOf(known).name === name);
  if (field === undefined) {
    throw new CliError('invalidOptionValue', { option: '--set', value, allowed: WRITTEN_FORMS });
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
    if (isTyped(field)) {
      options[field] = value;
    } else {
      const isSet = FLAGS[value.trim().toLowerCase()];
      if (isSet === undefined) throw new CliError('invalidFieldValue', { field, value, allowed: 'yes, no' });
      options[isSet ? field : (`un${field}` as const)] = true;
    }
  }
  return toPatch(withMemberIds(options, members, me), language);
}
