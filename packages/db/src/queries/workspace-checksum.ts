import { sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/** The checksum of what a workspace holds now, and of how many records; see `recordChecksum` of the protocol. */
export async function workspaceChecksum(
  executor: Executor,
  workspaceId: string,
): Promise<{ checksum: number; records: number }> {
  const found = await executor.execute<{ checksum: string; records: string }>(sql`
    select meldesync_checksum(${workspaceId}::uuid) as checksum,
           (select count(*) from records where workspace_id = ${workspaceId}::uuid) as records`);
  const row = found.rows[0];
  return { checksum: Number(row?.checksum), records: Number(row?.records) };
}
