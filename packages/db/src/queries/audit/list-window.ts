import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { beyond } from './list-conditions.ts';
import { momentOf, readInOrder, type RowsInput, SOURCES } from './list-rows.ts';

/** So many entries are looked at for a page, whether they match or not: an answer comes soon, however rare what is looked for is. */
const LOOKED_AT = 50_000;

/**
 * The time up to which a page looks; null where nothing lies beyond it. A filter that no index finds is looked for from entry to
 * entry; what names records is found at once.
 */
export async function windowOf(
  executor: Executor,
  { view, records, direction, from }: Pick<RowsInput, 'view' | 'records' | 'direction' | 'from'>,
): Promise<string | null> {
  const { actors, groups, kinds, text } = view.filter;
  if (records) return null;
  await readInOrder(executor);
  if (!(actors || groups || kinds || text !== undefined)) return null;
  const { rows: places } = await executor.execute<{ id: string }>(
    view.workspaceId === null ? sql`select id from workspaces` : sql`select ${view.workspaceId}::uuid as id`,
  );
  const looked = Math.ceil(LOOKED_AT / Math.max(1, places.length));
  const back = sql.raw(direction === 'older' ? 'desc' : 'asc');
  const edge = (table: SQL, condition: SQL, offset: number) =>
    sql`(select x.at from ${table} where ${condition} order by x.at ${back}, x.id ${back} offset ${offset} limit 1)`;
  const edges = SOURCES.flatMap(({ source, table, within }, index) => {
    const inTime = [
      ...(view.filter.from === undefined ? [] : [sql`x.at >= ${view.filter.from}::timestamptz`]),
      ...(view.filter.to === undefined ? [] : [sql`x.at < ${view.filter.to}::timestamptz`]),
      ...(from ? [beyond(from, source, direction)] : []),
    ];
    // Sign-ins of a workspace's members lie among those of all others: they are as far as one looks anyhow.
    if (index > 1) return [];
    if (source === 'event') {
      const place = within(view.workspaceId);
      return place ? [edge(table, sql.join([place, ...inTime], sql` and `), LOOKED_AT)] : [];
    }
    return places.map(({ id }) =>
      edge(table, sql.join([sql`x.workspace_id = ${id}::uuid`, ...inTime], sql` and `), looked),
    );
  });
  const pick = sql.raw(direction === 'older' ? 'max' : 'min');
  const { rows } = await executor.execute<{ at: string | null }>(sql`
    select ${momentOf(sql`${pick}(at)`)} as at from (${sql.join(edges, sql` union all `)}) edges(at)`);
  return rows[0]?.at ?? null;
}
