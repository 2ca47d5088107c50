import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import type { AuditPosition } from './list-view.ts';

/** Where the seals have an entry. */
export interface LeafOfEntry {
  readonly seal: number;
  readonly position: number;
  /** 16 random bytes in hex, with which what was typed is sealed; null once that is erased. */
  readonly salt: string | null;
  /** The commitment to what was typed, in hex, where that is erased. */
  readonly content: string | null;
  readonly isErased: boolean;
}

/** The leaves of entries, by `change:<id>` and `event:<id>`; those that are not sealed yet have none. */
export async function leavesOf(
  executor: Executor,
  entries: readonly AuditPosition[],
): Promise<Map<string, LeafOfEntry>> {
  const { rows: there } = await executor.execute<{ is_there: boolean }>(
    sql`select to_regclass('public.audit_leaves') is not null as is_there`,
  );
  if (there[0]?.is_there !== true) return new Map();
  const idsOf = (source: AuditPosition['source']) =>
    sql.param(entries.flatMap((entry) => (entry.source === source ? entry.id : [])));
  const { rows } = await executor.execute<{
    source: 'c' | 'e';
    entry: string;
    seal: string;
    position: number;
    salt: string | null;
    content: string | null;
    is_erased: boolean;
  }>(sql`
    select source, entry, seal, position, encode(salt, 'hex') as salt, encode(content, 'hex') as content, erased is not null as is_erased
    from audit_leaves
    where (source = 'c' and entry = any(${idsOf('change')}::bigint[])) or (source = 'e' and entry = any(${idsOf('event')}::bigint[]))`);
  return new Map(
    rows.map(({ source, entry, seal, position, salt, content, is_erased: isErased }) => [
      `${source === 'c' ? 'change' : 'event'}:${entry}`,
      { seal: Number(seal), position, salt, content, isErased },
    ]),
  );
}
