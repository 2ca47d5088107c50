import { Button } from '@mantine/core';
import { describeImportFinding } from '@meldesync/domain';
import { hasImportEnded, type ImportRow, type ImportSummary } from '@meldesync/protocol';
import { IconAlertTriangle, IconBan } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { importRowsQuery } from '../../api/queries.ts';
import { shortenMiddle } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import classes from './import-panel.module.css';

interface ImportRowsProps {
  readonly summary: ImportSummary;
  readonly keep: (row: ImportRow) => boolean;
}

/** The rejected and warned rows of a file with their reasons, page by page. */
export function ImportRows({ summary, keep }: ImportRowsProps) {
  const t = useTranslations('imports');
  const tShell = useTranslations('shell');
  const { workspace } = useSync();
  const query = useInfiniteQuery(importRowsQuery(workspace.id, summary.id, hasImportEnded(summary)));
  if (!hasImportEnded(summary)) return <p className={classes.note}>{t('rowsPending')}</p>;
  if (query.isError) {
    return (
      <div className={classes.note}>
        <p>{t('rowsError')}</p>
        <Button mt="xs" variant="default" onClick={() => void query.refetch()}>
          {tShell('retry')}
        </Button>
      </div>
    );
  }
  if (!query.data) return <p className={classes.note}>{t('rowsLoading')}</p>;
  const rows = query.data.pages.flatMap((page) => page.rows);
  const shown = rows.filter(keep);
  const notKept = summary.rows.rejected + summary.rows.warned - rows.length;
  return (
    <>
      {shown.length === 0 ? (
        <p className={classes.note}>{rows.length > 0 ? t('rowsNoneOfKind') : <AllClear summary={summary} />}</p>
      ) : (
        <ul className={classes.rows}>
          {shown.map((row) => (
            <RowEntry key={row.line} row={row} />
          ))}
        </ul>
      )}
      {query.hasNextPage ? (
        <Button
          fullWidth
          mt="sm"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('rowsMore')}
        </Button>
      ) : null}
      {!query.hasNextPage && notKept > 0 ? (
        <p className={classes.note}>{t('rowsNotKept', { count: notKept })}</p>
      ) : null}
    </>
  );
}

/** That no row has anything to say; of all of them only where the file was worked through to its end. */
function AllClear({ summary }: { summary: ImportSummary }) {
  const t = useTranslations('imports');
  return summary.status === 'finished' ? t('rowsNone') : t('rowsNoneSoFar');
}

function RowEntry({ row }: { row: ImportRow }) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const isRejected = row.outcome === 'rejected';
  return (
    <li className={classes.row}>
      <span className={classes.rowHead}>
        <span className={classes.outcome} data-outcome={row.outcome}>
          {isRejected ? <IconBan size={14} /> : <IconAlertTriangle size={14} />}
          {isRejected ? t('rowFilterRejected') : t('rowFilterWarned')}
        </span>
        <span>{t('line', { line: row.line })}</span>
        {row.vorgangsnummer === null ? null : (
          <code className={classes.vorgangsnummer} title={row.vorgangsnummer}>
            {shortenMiddle(row.vorgangsnummer, 8)}
          </code>
        )}
      </span>
      {row.findings.map((finding) => (
        <span key={finding.code + finding.message} className={classes.reason}>
          {describeImportFinding(finding, locale)}
        </span>
      ))}
    </li>
  );
}
