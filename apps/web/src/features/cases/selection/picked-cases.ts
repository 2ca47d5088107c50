import type { AppliedChange, CaseRow, ClientRecord, RecordStore } from '@meldesync/client';
import { recordsOfRow } from '../facts/case-facts.ts';

/** Cases by the key of their row, each with the internal ids of its records as far as they are known. */
export type PickedCases = Map<string, Set<number>>;

/** Adds a case with the records of this row. */
export function pickCase(picked: PickedCases, row: CaseRow): void {
  // Held rows of cases that were put together meanwhile come one by one, each with its own records.
  const ids = picked.get(row.key) ?? new Set();
  for (const { id } of recordsOfRow(row)) ids.add(id);
  picked.set(row.key, ids);
}

/** Follows records that went to another case or were deleted; a case without records goes. Whether that changed anything. */
export function followChanges(picked: PickedCases, changes: readonly AppliedChange[]): boolean {
  let isTouched = false;
  const emptied = new Set<string>();
  for (const { before, after } of changes) {
    const from = before && keyOf(before);
    const to = after && keyOf(after);
    if (from === to) continue;
    if (before && from !== undefined && picked.get(from)?.delete(before.id)) {
      emptied.add(from);
      isTouched = true;
    }
    const joined = to === undefined ? undefined : picked.get(to);
    if (after && joined) {
      joined.add(after.id);
      isTouched = true;
    }
  }
  for (const key of emptied) if (picked.get(key)?.size === 0) picked.delete(key);
  return isTouched;
}

/** Reads the records of the cases anew; a case without any goes. */
export function readAnew(picked: PickedCases, store: Pick<RecordStore, 'values'>): void {
  for (const ids of picked.values()) ids.clear();
  for (const record of store.values()) picked.get(keyOf(record))?.add(record.id);
  for (const [key, ids] of picked) if (ids.size === 0) picked.delete(key);
}

/** The key of the row a record stands in, as the SDK's list makes it. */
function keyOf({ id, caseId }: ClientRecord): string {
  return caseId === null ? `record:${id}` : `case:${caseId}`;
}
