import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ClientRecord } from '@meldesync/client';
import { EDITABLE_FIELDS } from '@meldesync/domain';
import { type HistoryEntry, isChangeSource } from '@meldesync/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { historyQuery } from '../../../api/queries.ts';
import { useFieldWords } from '../../../editing/use-field-words.ts';
import { formatExact } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { usePeople } from '../../../people/use-people.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import classes from './case-panel.module.css';

/** Of a record that changes time and again, history is fetched once it rests. */
const REST_MS = 250;

interface CaseHistoryProps {
  readonly records: readonly ClientRecord[];
  /** Whether someone stays on the case; until then nothing is fetched. */
  readonly isResting: boolean;
}

/** What happened to the records of a case (R5.1), one half at a time. */
export function CaseHistory({ records, isResting }: CaseHistoryProps) {
  const t = useTranslations('panel');
  const [chosen, setChosen] = useState(0);
  const record = records[chosen] ?? records[0];
  if (!record) return null;
  return (
    <section className={classes.record} aria-label={t('sectionHistory')}>
      <h3 className={classes.half}>{t('sectionHistory')}</h3>
      {records.length > 1 ? (
        <div className={classes.tabs} role="group" aria-label={t('sectionHistory')}>
          {records.map(({ id, mb }, index) => (
            <button
              key={id}
              type="button"
              className={classes.tab}
              aria-pressed={record.id === id}
              onClick={() => setChosen(index)}
            >
              {mb ? (mb.artDerDaten === 'G' ? t('genomic') : t('clinical')) : t('unreadable')}
            </button>
          ))}
        </div>
      ) : null}
      <RecordHistory record={record} isResting={isResting} />
    </section>
  );
}

function RecordHistory({ record, isResting }: { record: ClientRecord; isResting: boolean }) {
  const t = useTranslations('panel');
  const tShell = useTranslations('shell');
  const { workspace } = useSync();
  const [{ id, version }] = useDebouncedValue(record, REST_MS);
  const query = useInfiniteQuery({ ...historyQuery(workspace.id, id, version), enabled: isResting });
  if (query.isError && !query.data) {
    return (
      <div className={classes.quiet}>
        <p>{t('historyError')}</p>
        <Button mt="xs" variant="default" onClick={() => void query.refetch()}>
          {tShell('retry')}
        </Button>
      </div>
    );
  }
  if (!query.data || id !== record.id) return <p className={classes.quiet}>{t('historyLoading')}</p>;
  return (
    <>
      <ol className={classes.history}>
        {query.data.pages
          .flatMap(({ entries }) => entries)
          .map((entry) => (
            <Entry key={entry.version} entry={entry} />
          ))}
      </ol>
      {query.hasNextPage ? (
        <Button
          variant="default"
          fullWidth
          mt="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('historyMore')}
        </Button>
      ) : null}
    </>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const t = useTranslations('panel');
  const tEdit = useTranslations('edit');
  const locale = useLocale();
  const inWords = useFieldWords();
  const person = usePeople().ofActor(entry.by);
  const changed = EDITABLE_FIELDS.filter((field) => entry.op === 'update' && entry.after[field] !== undefined);
  return (
    <li className={classes.entry}>
      <Avatar person={person} />
      <div>
        <span className={classes.entryHead}>
          <strong>{person.name}</strong>
          <span className={classes.entryWhen}>
            {formatExact(entry.at, locale)} · {isChangeSource(entry.via) ? t(`via.${entry.via}`) : entry.via}
          </span>
        </span>
        {entry.op === 'insert' ? <span>{t('historyInsert')}</span> : null}
        {entry.op === 'delete' ? <span>{t('historyDelete')}</span> : null}
        {entry.after.ibe !== undefined && entry.op === 'update' ? <span>{t('historyReplaced')}</span> : null}
        {changed.map((field) => (
          <span key={field} className={classes.change}>
            {tEdit(field)}: <del>{inWords(field, entry.before[field], t('historyEmptyValue'))}</del> →{' '}
            <ins>{inWords(field, entry.after[field], t('historyEmptyValue'))}</ins>
          </span>
        ))}
      </div>
    </li>
  );
}
