import type { EntrySource, KnownLeaf } from '@meldesync/audit';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

interface LeafRow extends Record<string, unknown> {
  readonly seal: string;
  readonly position: number;
  readonly leaf: Buffer | null;
  readonly salt: Buffer | null;
  readonly content: Buffer | null;
}

const TABLES = { c: sql.raw('changes'), e: sql.raw('events') } as const satisfies Record<EntrySource, unknown>;

/** How an entry is sealed; `unsealed` where it is there and waits for its seal, null where there is neither. */
export async function findLeaf(
  executor: Executor,
  source: EntrySource,
  id: string,
): Promise<KnownLeaf | 'unsealed' | null> {
  const { rows } = await executor.execute<LeafRow>(
    sql`select l.seal, l.position, l.leaf, l.salt, l.content from (values (${id}::bigint)) asked (id)
        left join audit_leaves l on l.source = ${source} and l.entry = asked.id
        where l.leaf is not null or exists (select from ${TABLES[source]} entry where entry.id = asked.id)`,
  );
  const [row] = rows;
  if (!row) return null;
  const { leaf, salt, content } = row;
  return leaf === null
    ? 'unsealed'
    : { seal: Number(row.seal), position: row.position, leaf, salt, commitment: content };
}
