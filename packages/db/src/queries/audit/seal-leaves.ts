import type { EntrySource } from '@meldesync/audit';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

interface LeafRow extends Record<string, unknown> {
  readonly seal: string;
  readonly position: number;
  readonly leaf: Buffer;
}

/** Where an entry is sealed, and its leaf; null where it is not. */
export async function findLeaf(
  executor: Executor,
  source: EntrySource,
  id: string,
): Promise<{ seal: number; position: number; leaf: Buffer } | null> {
  const { rows } = await executor.execute<LeafRow>(
    sql`select seal, position, leaf from audit_leaves where source = ${source} and entry = ${id}::bigint`,
  );
  const [row] = rows;
  return row ? { seal: Number(row.seal), position: row.position, leaf: row.leaf } : null;
}
