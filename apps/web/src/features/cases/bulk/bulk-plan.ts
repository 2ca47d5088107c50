import type { ClientRecord, EditIntent } from '@meldesync/client';
import { type FieldOf, isAsPatched } from '@meldesync/domain';
import type { RefusedEdit } from '../../../editing/edit-report.ts';
import { groupRecords } from '../../../sync/live-cases.ts';

/** What can be done to all selected cases at once. */
export type BulkAction =
  | { readonly field: FieldOf<'flag'>; readonly value: boolean }
  | { readonly field: FieldOf<'person'>; readonly value: string | null };

interface BulkPlan {
  readonly intents: readonly EditIntent[];
  /** How many cases are as wanted already. */
  readonly already: number;
  /** Cases the domain's rule leaves open: sent, they would look done until the answer is there. */
  readonly refused: readonly RefusedEdit[];
}

/** The edits that carry an action out on cases, each given by its records. */
export function planBulk(cases: readonly (readonly ClientRecord[])[], action: BulkAction): BulkPlan {
  const intents: EditIntent[] = [];
  const refused: RefusedEdit[] = [];
  let already = 0;
  for (const records of cases) {
    const set = { [action.field]: action.value };
    const wanted = records.filter((record) => !isAsPatched(record, set)).map((seen) => ({ seen, set }));
    if (wanted.length === 0) already++;
    else if (action.field === 'done' && action.value && !mayBeDone(records)) {
      refused.push(...wanted.map((intent) => ({ intent, code: 'case-not-complete' as const, lock: undefined })));
    } else intents.push(...wanted);
  }
  return { intents, already, refused };
}

function mayBeDone(records: readonly ClientRecord[]): boolean {
  const [row] = groupRecords(records);
  return row !== undefined && row.unreadable.length === 0 && row.status.mayBeDone;
}
