import type { EditItem, SyncedRecord } from '@meldesync/protocol';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { changes, records } from '../schema/index.ts';
import { syncedColumns } from './record-columns.ts';

/**
 * Locks the records of the items and, where one is to be marked done, the other records of its case; in one round trip.
 * Rows are locked in the order of their ids everywhere, so two edits do not wait for each other in a circle. Each row
 * is as it stands under its lock: one that has left the case meanwhile shows that. One that joins it meanwhile is
 * missing; only a second look can show it.
 */
export async function lockRecords(
  tx: Executor,
  workspaceId: string,
  items: readonly EditItem[],
): Promise<Map<number, SyncedRecord>> {
  const rows = await tx
    .select(syncedColumns)
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), sql`${records.id} = any(array(${wantedIds(workspaceId, items)}))`))
    .orderBy(asc(records.id))
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

/** An array of its own, so that the rows are found by their ids and stay wanted whatever they change into. */
function wantedIds(workspaceId: string, items: readonly EditItem[]) {
  const ids = sql`select unnest(${sql.param(items.map((item) => item.record))}::bigint[])`;
  const marking = items.filter((item) => item.set.done === true);
  if (marking.length === 0) return ids;
  const markedIds = sql.param(marking.map((item) => item.record));
  const enteredCaseIds = sql.param(marking.flatMap((item) => item.set.caseId ?? []));
  return sql`${ids} union
    select of_case.id from records as of_case
    where of_case.workspace_id = ${workspaceId}::uuid and of_case.case_id = any(array(
      select marked.case_id from records as marked
      where marked.workspace_id = ${workspaceId}::uuid and marked.id = any(${markedIds}::bigint[])
        and marked.case_id is not null
      union select unnest(${enteredCaseIds}::text[])
    ))`;
}

/** Which of the records this workspace once had and has no more. */
export async function deletedAmong(
  tx: Executor,
  workspaceId: string,
  recordIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (recordIds.length === 0) return new Set();
  const rows = await tx
    .select({ id: changes.recordId })
    .from(changes)
    .where(
      and(eq(changes.workspaceId, workspaceId), inArray(changes.recordId, [...recordIds]), eq(changes.op, 'delete')),
    );
  return new Set(rows.map((row) => row.id));
}
