import type { AuditPage } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { SOURCES } from './list-rows.ts';
import type { AuditPosition, AuditView } from './list-view.ts';

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

/** The batches of those entries of a workspace, or of all, that are sealed: by their keys. Keys of others are passed over. */
export async function sealsOf(
  executor: Executor,
  { workspaceId }: Pick<AuditView, 'workspaceId'>,
  keys: readonly string[],
): Promise<AuditPage['seals']> {
  const branches = SOURCES.flatMap(({ source, table, within }) => {
    const place = within(workspaceId);
    const ids = keys.flatMap((key) => (key.startsWith(`${source}:`) ? [key.slice(source.length + 1)] : []));
    if (!place || ids.length === 0) return [];
    return sql`select ${source} || ':' || l.entry as key, l.seal from audit_leaves l
      where l.source = ${source.charAt(0)} and l.entry = any(${sql.param(ids)}::bigint[])
        and exists (select from ${table} where x.id = l.entry and ${place})`;
  });
  if (branches.length === 0) return [];
  const { rows } = await executor.execute<{ key: string; seal: string }>(sql.join(branches, sql` union `));
  return rows.map(({ key, seal }) => ({ key, seal: Number(seal) }));
}
