import {
  type ConflictChoices,
  type ConflictDecision,
  type ConflictRow,
  conflictRows,
  settleConflict,
  toClientRecord,
} from '@meldesync/client';
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
