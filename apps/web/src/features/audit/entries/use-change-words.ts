import { describeEventValue, type RecordStore } from '@meldesync/client';
import { describeField, describeFieldValue, EDITABLE_FIELDS } from '@meldesync/domain';
import { auditFieldName, auditValueName } from '@meldesync/protocol';
import { useCallback, useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useFieldWords } from '../../../editing/use-field-words.ts';
import { formatExact } from '../../../i18n/format.ts';
import { usePeople } from '../../../people/use-people.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import { useIsLoaded } from '../../../sync/use-connection.ts';
import { useRecordedFilterWords } from '../filters/use-recorded-filter-words.ts';
import type { EntryChange } from './entry-changes.ts';

/** Says what changed in words. */
export interface ChangeWords {
  nameOf(change: EntryChange): string;
  /** A side of a change; null where there was none. */
  valueOf(change: EntryChange, side: 'before' | 'after'): string | null;
}

const VORGANGSNUMMER = 'vorgangsnummer';

/** The words of entries, in the language and with the people of the workspace. */
export function useChangeWords(): ChangeWords {
  const t = useTranslations('audit.entry');
  const tRole = useTranslations('shell.roles');
  const tEdit = useTranslations('edit');
  const tPanel = useTranslations('panel');
  const locale = useLocale();
  const people = usePeople();
  const inWords = useFieldWords();
  const { client } = useSync();
  const isLoaded = useIsLoaded();
  const rowsInWords = useRowsWords();
  const filterInWords = useRecordedFilterWords();

  const otherValueOf = useCallback(
    (field: string, value: unknown): string => {
      if (typeof value === 'string') {
        if (/^(?:user|db):./.test(value)) return people.ofActor(value).name;
        const named = auditValueName(field, value, locale);
        if (named !== undefined) return named;
      }
      return describeEventValue(field, value, {
        language: locale,
        yes: t('yes'),
        no: t('no'),
        nothing: t('empty'),
        unlimited: t('unlimited'),
        role: tRole,
        moment: (at) => formatExact(at, locale),
      });
    },
    [people, locale, t, tRole],
  );
  const otherValue = useCallback(
    (field: string, value: unknown): string => {
      if (field === 'records' && Array.isArray(value))
        return casesOf(client.store, value, (id) => t('recordNumber', { id }));
      if (field === 'fields' && Array.isArray(value))
        return value.map((name) => auditFieldName(String(name), locale)).join(', ');
      if (field === 'rows' && isObject(value)) return rowsInWords(value);
      if (field === 'filter' && isObject(value)) return filterInWords(value);
      if (isObject(value))
        return Object.entries(value)
          .map(([name, one]) => `${auditFieldName(name, locale)}: ${otherValueOf(name, one)}`)
          .join(', ');
      return otherValueOf(field, value);
    },
    // Cases have their names once the records are there.
    // oxlint-disable-next-line react/exhaustive-deps -- the store is read anew then
    [otherValueOf, rowsInWords, filterInWords, client, isLoaded, locale, t],
  );

  return useMemo(
    () => ({
      nameOf(change) {
        if (change.kind === 'field') return tEdit(change.field);
        if (change.kind === 'element') return describeField(change.field, locale);
        if (change.field === VORGANGSNUMMER) return tPanel('vorgangsnummer');
        if (change.field === 'ibe') return tPanel('ibe');
        const editable = EDITABLE_FIELDS.find((name) => name === change.field);
        return editable === undefined ? auditFieldName(change.field, locale) : tEdit(editable);
      },
      valueOf(change, side) {
        if (change.kind === 'element') {
          const segment = change[side];
          return segment ? describeFieldValue(change.field, segment[change.field], locale) : null;
        }
        const value = change[side];
        if (value === undefined) return null;
        if (change.kind === 'other') return otherValue(change.field, value);
        if (typeof value === 'string' || typeof value === 'boolean') return inWords(change.field, value, t('empty'));
        return t('empty');
      },
    }),
    [t, tEdit, tPanel, locale, inWords, otherValue],
  );
}

/** Records by the cases that they are in now, each once; one that is gone or in none by its number. */
function casesOf(store: RecordStore, records: readonly unknown[], numbered: (id: string) => string): string {
  const names = records.map((id) => (typeof id === 'number' ? store.get(id)?.caseId : null) ?? numbered(String(id)));
  return [...new Set(names)].join(', ');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OUTCOMES = ['new', 'updated', 'unchanged', 'rejected', 'warned'] as const;

/** Says what became of the rows of a file. */
function useRowsWords(): (rows: Readonly<Record<string, unknown>>) => string {
  const t = useTranslations('imports');
  return useCallback(
    (rows) =>
      OUTCOMES.filter((outcome) => Number(rows[outcome] ?? 0) > 0)
        .map((outcome) => `${t(outcome)}: ${String(rows[outcome])}`)
        .join(', ') || '0',
    [t],
  );
}
