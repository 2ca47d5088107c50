import type { CaseRow } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { useIsPending } from '../../../editing/use-pending.ts';
import { useRowName } from '../../../editing/use-row-name.ts';
import { useRole } from '../../../sync/use-connection.ts';
import { useLockReason } from '../../locks/use-lock-reason.ts';
import { doneState } from '../facts/case-facts.ts';
import classes from './done-cell.module.css';
import { useCellRecords } from './use-cell-records.ts';
import { doneProblem, useToggleDone } from './use-toggle-done.ts';

/** Marks all records of the case as done, or says why that may not be. */
export function DoneCell({ row }: { row: CaseRow }) {
  const t = useTranslations('cases');
  const tEdit = useTranslations('edit');
  const tShell = useTranslations('shell');
  const reasonId = useId();
  const rowName = useRowName();
  const toggle = useToggleDone();
  const mayEdit = roleAllows(useRole(), 'editor');
  const records = useCellRecords(row);
  const isPending = useIsPending(records, 'done');
  const state = doneState(records);
  const problem = state === 'all' ? null : doneProblem(row);
  const lockReason = useLockReason(records);
  const reason = mayEdit ? (lockReason ?? (problem && tEdit(problem))) : tShell('viewerReason');
  return (
    <span className={classes.cell} data-tip={reason ?? undefined} data-tip-on-focus={reason ? true : undefined}>
      <input
        type="checkbox"
        className={classes.box}
        tabIndex={-1}
        aria-label={t('doneLabel', { row: rowName(row) })}
        aria-disabled={reason !== null}
        aria-describedby={reason === null ? undefined : reasonId}
        checked={state === 'all'}
        ref={(box) => {
          if (box) box.indeterminate = state === 'some';
        }}
        data-pending={isPending || undefined}
        onChange={() => {
          // Where a colleague has the case it says so.
          if (reason === null || reason === lockReason) toggle(row);
        }}
      />
      {isPending ? <span className="visually-hidden">{tEdit('pending')}</span> : null}
      {reason === null ? null : (
        <span id={reasonId} hidden>
          {reason}
        </span>
      )}
    </span>
  );
}
