import { Button } from '@mantine/core';
import { formatBytes } from '@meldesync/client';
import { describeError, hasImportEnded, type ImportRow, type ImportSummary } from '@meldesync/protocol';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { formatExact } from '../../i18n/format.ts';
import { usePeople } from '../../people/use-people.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { downloadRejected } from './download-rejected.ts';
import { durationSeconds } from './import-pace.ts';
import classes from './import-panel.module.css';
import { describeImportError } from './import-problem.ts';
import { ImportRows } from './import-rows.tsx';
import { takenOf } from './import-share.ts';
import { ImportStatus } from './import-status.tsx';

const ROW_FILTERS = ['all', 'rejected', 'warned'] as const;

/** What became of one file: its figures, and the rows that have something to say. */
export function ImportPanel({ summary, onClose }: { summary: ImportSummary; onClose: () => void }) {
  const t = useTranslations('imports');
  const { rows } = summary;
  const [filter, setFilter] = useState<(typeof ROW_FILTERS)[number]>('all');
  const keep = (row: ImportRow): boolean => filter === 'all' || row.outcome === filter;
  const filterTexts = { all: t('rowFilterAll'), rejected: t('rowFilterRejected'), warned: t('rowFilterWarned') };
  return (
    <SidePanel
      label={t('panelLabel', { file: summary.filename })}
      closeLabel={t('panelClose')}
      title={summary.filename}
      onClose={onClose}
    >
      <ImportFacts summary={summary} />
      {summary.error && rows.rejected === 0 ? null : (
        <>
          <div className={classes.rowsHead}>
            <h3 className={classes.heading}>{t('rows')}</h3>
            {rows.rejected > 0 && hasImportEnded(summary) ? <DownloadButton summary={summary} /> : null}
          </div>
          {rows.rejected > 0 && rows.warned > 0 ? (
            <div className={classes.filters} role="group" aria-label={t('rowFilter')}>
              {ROW_FILTERS.map((name) => (
                <button
                  key={name}
                  type="button"
                  className={classes.filter}
                  aria-pressed={filter === name}
                  onClick={() => setFilter(name)}
                >
                  {filterTexts[name]}
                </button>
              ))}
            </div>
          ) : null}
          <ImportRows summary={summary} keep={keep} />
        </>
      )}
    </SidePanel>
  );
}

function ImportFacts({ summary }: { summary: ImportSummary }) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const people = usePeople();
  const { rows } = summary;
  const seconds = durationSeconds(summary);
  const counts: [string, number][] = [
    [t('new'), rows.new],
    [t('updated'), rows.updated],
    [t('unchanged'), rows.unchanged],
    [t('rejected'), rows.rejected],
    [t('warned'), rows.warned],
  ];
  return (
    <>
      <div className={classes.status}>
        <ImportStatus status={summary.status} />
        {summary.cancelledBy === null ? null : (
          <p className={classes.note}>{t('cancelledBy', { name: people.ofUser(summary.cancelledBy).name })}</p>
        )}
        {summary.status === 'cancelled' ? <p className={classes.note}>{t('cancelledRows', takenOf(summary))}</p> : null}
        {summary.status === 'paused' ? <p className={classes.note}>{t('pausedText')}</p> : null}
        {summary.continuedBy === null ? null : (
          <p className={classes.note}>{t('continuedBy', { name: people.ofUser(summary.continuedBy).name })}</p>
        )}
        {summary.error ? (
          <p className={classes.problem}>
            {describeImportError(summary.error, locale)} {rows.new + rows.updated === 0 ? t('failedText') : null}
          </p>
        ) : null}
      </div>
      <dl className={classes.counts}>
        {counts.map(([name, count]) => (
          <div key={name}>
            <dd>{count.toLocaleString(locale)}</dd>
            <dt>{name}</dt>
          </div>
        ))}
      </dl>
      <dl className={classes.facts}>
        <dt>{t('by')}</dt>
        <dd>{people.ofUser(summary.createdBy).name}</dd>
        <dt>{t('when')}</dt>
        <dd>{formatExact(summary.createdAt, locale)}</dd>
        <dt>{t('size')}</dt>
        <dd>{formatBytes(summary.sizeBytes, locale)}</dd>
        {seconds === null ? null : (
          <>
            <dt>{t('duration')}</dt>
            <dd>{t('durationSeconds', { seconds: Math.round(seconds * 10) / 10 })}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function DownloadButton({ summary }: { summary: ImportSummary }) {
  const t = useTranslations('imports');
  const tPanel = useTranslations('panel');
  const locale = useLocale();
  const { workspace } = useSync();
  const [isBusy, setIsBusy] = useState(false);
  const download = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await downloadRejected(workspace.id, summary.id, {
        name: t('csvName', { file: summary.filename }),
        header: { line: t('csvLine'), vorgangsnummer: tPanel('vorgangsnummer'), reason: t('csvReason') },
      });
    } catch (error) {
      showMessage({ color: 'red', message: describeError(errorCodeOf(error), locale) });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={14} />} loading={isBusy} onClick={() => void download()}>
      {t('download')}
    </Button>
  );
}
