import type { RecordPatch } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import type { People } from '../session/people.ts';

/** The value of a field that people edit, in words. */
export function describeEditable(
  field: keyof RecordPatch,
  value: string | boolean | null,
  { t }: CliContext,
  people: People,
): string {
  if (value === null || value === '') return t('common.none');
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  return field === 'assignee' ? (people.nameOf(value) ?? t('common.unknownPerson')) : value;
}
