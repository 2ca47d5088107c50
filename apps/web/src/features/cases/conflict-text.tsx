import type { ClientRecord } from '@meldesync/client';
import type { SyncedRecord } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { formatDate, formatTime } from '../../i18n/format.ts';
import type { People } from '../../sync/use-people.tsx';
import { EDITED_FIELDS, type EditedField } from './edited-fields.ts';
import { useRowName } from './use-row-name.ts';

interface ConflictTextProps {
  /** The record as the person saw it. */
  readonly seen: ClientRecord;
  /** The record as it stands. */
  readonly current: SyncedRecord;
  /** Given, because messages stand outside of the workspace. */
  readonly people: People;
}

/** Who was first, when, and what each field that differs from what the person saw is now (R2.2). */
export function ConflictText({ seen, current, people }: ConflictTextProps) {
  const t = useTranslations('edit');
  const locale = useLocale();
  const rowName = useRowName();
  const at = new Date(current.updatedAt);
  return (
    <>
      <p>
        {t('conflictText', {
          name: people.ofActor(current.updatedBy).name,
          row: rowName(seen),
          date: formatDate(at, locale),
          time: formatTime(at, locale),
        })}
      </p>
      {EDITED_FIELDS.filter((field) => seen[field] !== current[field]).map((field) => (
        <p key={field}>
          <strong>{describe(field)}</strong>
        </p>
      ))}
    </>
  );

  function describe(field: EditedField): string {
    const value = current[field];
    if (value === null) return t('conflictValueEmpty', { field: t(field) });
    if (typeof value === 'boolean') return t('conflictValue', { field: t(field), value: value ? t('yes') : t('no') });
    return t('conflictValue', { field: t(field), value: field === 'assignee' ? people.ofUser(value).name : value });
  }
}
