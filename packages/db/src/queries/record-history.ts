import type { HistoryPage } from '@meldesync/protocol';
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { changes } from '../schema/index.ts';
import { isoTime } from './record-columns.ts';

/** The changes of a record, newest first, also of one that was deleted (R5.1). */
export async function recordHistory(
  executor: Executor,
  input: { workspaceId: string; recordId: number; before: number | null; limit: number },
): Promise<HistoryPage> {
  const rows = await executor
    .select()
    .from(changes)
    .where(
      and(
        eq(changes.workspaceId, input.workspaceId),
        eq(changes.recordId, input.recordId),
        input.before === null ? undefined : lt(changes.version, input.before),
      ),
    )
    .orderBy(desc(changes.version))
    .limit(input.limit + 1);
  const entries = rows.slice(0, input.limit).map((row) => ({
    record: row.recordId,
    version: row.version,
    op: row.op,
    by: row.actor,
    via: row.via,
    at: isoTime(row.at),
    ...(row.operation === null ? {} : { operation: row.operation }),
    before: row.before as HistoryPage['entries'][number]['before'],
    after: row.after as HistoryPage['entries'][number]['after'],
  }));
  return { entries, next: rows.length > input.limit ? (entries.at(-1)?.version ?? null) : null };
}
