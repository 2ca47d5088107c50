import type { SyncedRecord } from '@meldesync/protocol';
import { and, eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';
import { syncedColumns, toSyncedRecord } from './record-columns.ts';

/** One record of a workspace; undefined when it is not there or belongs to another. */
export async function getRecord(
  executor: Executor,
  workspaceId: string,
  id: number,
): Promise<SyncedRecord | undefined> {
  const [row] = await executor
    .select(syncedColumns)
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), eq(records.id, id)));
  return row && toSyncedRecord(row);
}
