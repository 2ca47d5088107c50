import type { SyncedRecord } from '@meldesync/protocol';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';
import { syncedColumns, toSyncedRecord } from './record-columns.ts';

export interface ListRecordsInput {
  readonly workspaceId: string;
  /** Records with a higher id only; 0 from the start. */
  readonly after: number;
  readonly limit: number;
}

/** A page of a workspace's records by id. `next` is where the following page starts, null on the last. */
export async function listRecords(
  executor: Executor,
  input: ListRecordsInput,
): Promise<{ records: SyncedRecord[]; next: number | null }> {
  const rows = await executor
    .select(syncedColumns)
    .from(records)
    .where(and(eq(records.workspaceId, input.workspaceId), gt(records.id, input.after)))
    .orderBy(asc(records.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit).map(toSyncedRecord);
  return { records: page, next: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null };
}
