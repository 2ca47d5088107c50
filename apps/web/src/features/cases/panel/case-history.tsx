import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ClientRecord } from '@meldesync/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { historyQuery } from '../../../api/queries.ts';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import classes from './case-panel.module.css';
import { HistoryItem } from './history-item.tsx';
import { RecordConflicts } from './record-conflicts.tsx';
import { TrailLink } from './trail-link.tsx';

/** Of a record that changes time and again, history is fetched once it rests. */
const REST_MS = 250;

interface CaseHistoryProps {
  readonly records: readonly ClientRecord[];
  /** The case, which is locked as a whole. */
  readonly subject: NamedCase;
  /** Who has locked it, in a sentence; null while no colleague has. */
  readonly lockReason: string | null;
  /** Whether someone stays on the case; until then nothing is fetched. */
  readonly isResting: boolean;
}

/** What happened to the records of a case (R5.1), one half at a time: changes, each of which can be taken back, and conflicts (R5.2). */
export function CaseHistory({ records, subject, lockReason, isResting }: CaseHistoryProps) {
  const t = useTranslations('panel');
  const [chosen, setChosen] = useState(0);
  const record = records[chosen] ?? records[0];
  if (!record) return null;
  return (
    <section className={classes.record} aria-label={t('sectionHistory')}>
      <h3 className={classes.half}>
        {t('sectionHistory')}
        <TrailLink record={record.id} />
      </h3>
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
      <RecordHistory record={record} subject={subject} lockReason={lockReason} isResting={isResting} />
      <RecordConflicts record={record} isResting={isResting} />
    </section>
  );
}

interface RecordHistoryProps extends Omit<CaseHistoryProps, 'records'> {
  readonly record: ClientRecord;
}

function RecordHistory({ record, subject, lockReason, isResting }: RecordHistoryProps) {
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
            <HistoryItem key={entry.version} {...{ entry, record, subject, lockReason }} />
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
