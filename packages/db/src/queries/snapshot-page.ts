import type { SyncedRecord } from '@meldesync/protocol';
import { count, eq, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { records } from '../schema/index.ts';
import { type ListRecordsInput, listRecords } from './list-records.ts';

export interface SnapshotPageInput extends ListRecordsInput {
  /**
   * Transactions (64-bit ids, decimal) the page must hold. A commit can be in the WAL, and so in the feed, before it is
   * visible to a new snapshot; a page that lacks one of them would lose it for good.
   */
  readonly mustHold: readonly string[];
  /** How many records the workspace has, where that was counted a moment ago; else all of them are counted. */
  readonly total?: number | undefined;
}

export type SnapshotPageResult =
  | { readonly visible: true; readonly records: SyncedRecord[]; readonly next: number | null; readonly total: number }
  /** One of `mustHold` is not visible yet: try again in a moment. */
  | { readonly visible: false };

/** Reads a page of the workspace's state in one Postgres snapshot, if that holds all of `mustHold`. */
export async function snapshotPage(database: Database, input: SnapshotPageInput): Promise<SnapshotPageResult> {
  return database.drizzle.transaction(
    async (tx) => {
      const transactions = sql.param([...input.mustHold]);
      const check = await tx.execute<{ visible: boolean }>(sql`
        select coalesce(bool_and(pg_visible_in_snapshot(id::xid8, pg_current_snapshot())), true) as visible
        from unnest(${transactions}::text[]) as held(id)`);
      if (check.rows[0]?.visible !== true) return { visible: false as const };
      const page = await listRecords(tx, input);
      return { visible: true as const, ...page, total: input.total ?? (await countRecords(tx, input.workspaceId)) };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function countRecords(executor: Executor, workspaceId: string): Promise<number> {
  const [counted] = await executor.select({ total: count() }).from(records).where(eq(records.workspaceId, workspaceId));
  return counted?.total ?? 0;
}
