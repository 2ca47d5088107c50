import type { CaseRow } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { useIsPending } from '../../../editing/use-pending.ts';
import { shortenMiddle } from '../../../i18n/format.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import classes from './cells.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** The case id; a record without one is told apart by its Vorgangsnummer. */
export function CaseIdCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const isPending = useIsPending(useCellRecords(row), 'caseId');
  if (row.caseId !== null) {
    return (
      <span className={classes.caseId} data-pending={isPending || undefined}>
        {row.caseId}
      </span>
    );
  }
  const [record] = recordsOfRow(row);
  if (!record) return null;
  return (
    <span className={classes.vorgangsnummer} data-tip={record.vorgangsnummer} data-tip-on-focus>
      <span className="visually-hidden">{t('rowNameWithout')}</span>
      {shortenMiddle(record.vorgangsnummer, 5)}
    </span>
  );
}
