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

/** So many rows are taken in at a time: a program has others to serve between them. */
const ROWS_AT_ONCE = 500;

/** A page of a workspace's records by id. `next` is where the following page starts, null on the last. */
export async function listRecords(
  executor: Executor,
  input: ListRecordsInput,
): Promise<{ records: SyncedRecord[]; next: number | null }> {
  const rows: SyncedRecord[] = [];
  let { after } = input;
  for (let isAtEnd = false; !isAtEnd && rows.length <= input.limit; ) {
    const count = Math.min(ROWS_AT_ONCE, input.limit + 1 - rows.length);
    const part = await executor
      .select(syncedColumns)
      .from(records)
      .where(and(eq(records.workspaceId, input.workspaceId), gt(records.id, after)))
      .orderBy(asc(records.id))
      .limit(count);
    rows.push(...part);
    isAtEnd = part.length < count;
    after = part.at(-1)?.id ?? after;
  }
  const page = rows.slice(0, input.limit).map(toSyncedRecord);
  return { records: page, next: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null };
}
