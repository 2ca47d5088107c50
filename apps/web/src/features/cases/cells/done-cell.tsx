import type { CaseRow } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { useRole } from '../../../sync/use-connection.ts';
import { doneState } from '../case-facts.ts';
import { usePending } from '../use-pending.ts';
import { useRowName } from '../use-row-name.ts';
import { doneProblem, useToggleDone } from '../use-toggle-done.ts';
import classes from './done-cell.module.css';
import { useCellRecords } from './use-cell-records.ts';

/** Marks all records of the case as done, or says why that may not be. */
export function DoneCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const tEdit = useTranslations('edit');
  const tShell = useTranslations('shell');
  const rowName = useRowName();
  const toggle = useToggleDone();
  const mayEdit = roleAllows(useRole(), 'editor');
  const { records, isPending } = usePending(useCellRecords(row));
  const state = doneState(records);
  const problem = state === 'all' ? null : doneProblem(row);
  const reason = mayEdit ? problem && tEdit(problem) : tShell('viewerReason');
  return (
    <span className={classes.cell} data-tip={reason ?? undefined} data-tip-on-focus={reason ? true : undefined}>
      <input
        type="checkbox"
        className={classes.box}
        tabIndex={-1}
        aria-label={t('doneLabel', { row: rowName(row) })}
        aria-disabled={reason !== null}
        checked={state === 'all'}
        ref={(box) => {
          if (box) box.indeterminate = state === 'some';
        }}
        data-pending={isPending('done') || undefined}
        onChange={() => {
          if (reason === null) toggle(row);
        }}
      />
      {isPending('done') ? <span className="visually-hidden">{tEdit('pending')}</span> : null}
    </span>
  );
}
