import {
  descriptorOf,
  EDITABLE_FIELDS,
  type EditableField,
  isOfKind,
  isTyped,
  RECORD_FIELDS,
  type TypedKind,
} from '@meldesync/domain';
import type { Translate } from '../messages/translator.ts';
import type { CliCommand } from '../program/command.ts';

/** The order of the options in the help. */
const KINDS = ['flag', 'case', 'text', 'person'] as const;

/** What stands for the value in the help. */
const PLACEHOLDERS: Readonly<Record<TypedKind, string>> = { case: 'id', text: 'text', person: 'person' };

/** Adds the options that set a field: `--case-id <id>` for one that is typed, `--done` and `--undone` for a flag. */
export function addFieldOptions(command: CliCommand, t: Translate): void {
  for (const kind of KINDS) {
    for (const field of EDITABLE_FIELDS) if (isOfKind(field, kind)) addFieldOption(command, field, t);
  }
}

function addFieldOption(command: CliCommand, field: EditableField, t: Translate): void {
  const { name } = descriptorOf(field);
  if (isTyped(field)) {
    command.option(`--${name} <${PLACEHOLDERS[RECORD_FIELDS[field].kind]}>`, t(`help.editFields.${field}`));
  } else {
    command.option(`--${name}`, t(`help.editFields.${field}`));
    command.option(`--un${name}`, t(`help.editFields.un${field}`));
  }
}
