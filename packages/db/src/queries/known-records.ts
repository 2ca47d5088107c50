import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';

/** Which of the ids are records of the workspace. */
export async function knownRecords(
  executor: Executor,
  { workspaceId, ids }: { workspaceId: string; ids: readonly number[] },
): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await executor
    .select({ id: records.id })
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), inArray(records.id, [...ids])));
  return new Set(rows.map(({ id }) => id));
}
