import { type EditableField, type FieldValue, isOfKind } from '@meldesync/domain';
import type { CliContext } from '../context.ts';
import type { People } from '../session/people.ts';

/** The value of a field that people edit, in words. */
export function describeEditable(
  field: EditableField,
  value: FieldValue<EditableField>,
  { t }: CliContext,
  people: People,
): string {
  if (value === null || value === '') return t('common.none');
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  return isOfKind(field, 'person') ? (people.nameOf(value) ?? t('common.unknownPerson')) : value;
}
