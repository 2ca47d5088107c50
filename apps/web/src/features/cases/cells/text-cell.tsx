import type { CaseRow } from '@meldesync/client';
import type { FieldOf } from '@meldesync/domain';
import { useTranslations } from 'use-intl';
import { useIsPending } from '../../../editing/use-pending.ts';
import { sharedValue } from '../facts/case-facts.ts';
import classes from './cells.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** What was written on the case; when its halves have different texts, that they do. */
export function TextCell({ row, field }: { row: CaseRow; field: FieldOf<'text'> }) {
  const t = useTranslations('cases');
  const records = useCellRecords(row);
  const text = sharedValue(records, field);
  const pending = useIsPending(records, field) || undefined;
  if (!text.isShared) {
    const all = records.flatMap((record) =>
      record[field] === null ? [] : [`${record.mb?.artDerDaten ?? '?'}: ${record[field]}`],
    );
    return (
      <span className={classes.differing} data-pending={pending} data-tip={all.join(' · ')} data-tip-on-focus>
        {t('differing')}
      </span>
    );
  }
  if (text.value === null) {
    return (
      <span className={classes.empty} data-pending={pending}>
        {t('empty')}
      </span>
    );
  }
  return (
    <span className={classes.text} data-pending={pending} data-tip={text.value}>
      {text.value}
    </span>
  );
}
