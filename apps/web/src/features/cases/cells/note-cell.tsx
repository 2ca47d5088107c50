import type { CaseRow } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { useIsPending } from '../../../editing/use-pending.ts';
import { sharedValue } from '../facts/case-facts.ts';
import classes from './cells.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** The note of the case; when its halves have different ones, that they do. */
export function NoteCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const records = useCellRecords(row);
  const note = sharedValue(records, 'note');
  const pending = useIsPending(records, 'note') || undefined;
  if (!note.isShared) {
    const all = records.flatMap((record) =>
      record.note === null ? [] : [`${record.mb?.artDerDaten ?? '?'}: ${record.note}`],
    );
    return (
      <span className={classes.differing} data-pending={pending} data-tip={all.join(' · ')} data-tip-on-focus>
        {t('differing')}
      </span>
    );
  }
  if (note.value === null) {
    return (
      <span className={classes.empty} data-pending={pending}>
        {t('empty')}
      </span>
    );
  }
  return (
    <span className={classes.text} data-pending={pending} data-tip={note.value}>
      {note.value}
    </span>
  );
}
