import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';

/** The versions of those of the ids that are records of the workspace. */
export async function recordVersions(
  executor: Executor,
  { workspaceId, ids }: { workspaceId: string; ids: readonly number[] },
): Promise<ReadonlyMap<number, number>> {
  if (ids.length === 0) return new Map();
  const rows = await executor
    .select({ id: records.id, version: records.version })
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), inArray(records.id, [...ids])));
  return new Map(rows.map(({ id, version }) => [id, version]));
}
