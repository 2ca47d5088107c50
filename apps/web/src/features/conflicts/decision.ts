import {
  type ConflictChoices,
  type ConflictDecision,
  type ConflictRow,
  conflictRows,
  settleConflict,
  toClientRecord,
} from '@meldesync/client';
import type { ErrorCode } from '@meldesync/protocol';
import type { RefusedEdit } from '../../editing/edit-report.ts';
import type { ConflictedEdit, OpenConflict } from '../../sync/conflict-queue.ts';

/** What shall stand in a field. */
export type Choice = 'theirs' | 'mine';

/** The fields of a conflict; those of edits that are decided together are alike. */
export function rowsOf({ edits: [{ outcome }] }: Pick<OpenConflict, 'edits'>): readonly ConflictRow[] {
  return conflictRows(outcome.fields);
}

/** Whether a person has to choose: they wanted something else than what stands. */
export function isChoosable({ isAttempted, attempted, current }: ConflictRow): boolean {
  return isAttempted && attempted !== current;
}

/** The same choice wherever there is one. */
export function chooseEverywhere(rows: readonly ConflictRow[], choice: Choice): ConflictChoices {
  return Object.fromEntries(rows.filter(isChoosable).map(({ field }) => [field, choice]));
}

/** What a choice means for one of the edits, based on the record as the dialog showed it. */
export function decideEdit({ seen, outcome }: ConflictedEdit, choices: ConflictChoices): ConflictDecision {
  const { current, conflict, fields } = outcome;
  return settleConflict({ conflict, rows: conflictRows(fields), choices, seen: toClientRecord(current, seen) });
}

/** The conflicts whose decisions were refused, by the reason: what was decided together is asked about together again. */
export function refusedByCode(
  refused: readonly Pick<RefusedEdit, 'intent' | 'code'>[],
  decided: readonly ConflictedEdit[],
): ReadonlyMap<ErrorCode, readonly ConflictedEdit[]> {
  const edits = new Map(decided.map((edit) => [edit.outcome.conflict, edit]));
  const byCode = new Map<ErrorCode, ConflictedEdit[]>();
  for (const { intent, code } of refused) {
    const edit = edits.get(intent.resolves?.conflict ?? '');
    if (edit) byCode.set(code, [...(byCode.get(code) ?? []), edit]);
  }
  return byCode;
}
