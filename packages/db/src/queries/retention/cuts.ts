import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';

/** A month in UTC, `YYYY-MM`. */
export type Month = string;

/** The first day of a month, for the functions of the database. */
const firstDay = (month: Month) => sql`${`${month}-01`}::date`;

/** Tables that are partitioned by month. */
export const MONTHLY_TABLES = ['events', 'import_rows'] as const;
export type MonthlyTable = (typeof MONTHLY_TABLES)[number];

/**
 * Makes partitions of this month and the next two, and of those that rows of the default partition are of, which move there; how many.
 * Throws with SQLSTATE 55P03 where the table is not free at once.
 */
export async function makePartitions(executor: Executor, table: MonthlyTable): Promise<number> {
  const { rows } = await executor.execute<{ made: number }>(
    table === 'events'
      ? sql`select meldesync_events_partitions(now()) as made`
      : sql`select meldesync_import_rows_partitions(now()) as made`,
  );
  return rows[0]?.made ?? 0;
}

/** Months of a partitioned table that have ended before a moment and hold something, oldest first. */
export async function listMonths(executor: Executor, table: MonthlyTable, before: Date): Promise<Month[]> {
  const { rows } = await executor.execute<{ month: string }>(sql`
    select to_char(starts, 'YYYY-MM') as month
    from (
      select to_date(right(c.relname, 7), 'YYYY_MM') as starts
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ${`public.${table}`}::regclass and c.relname ~ '_[0-9]{4}_[0-9]{2}$'
    ) months
    where ((starts + interval '1 month')::timestamp at time zone 'UTC') <= ${before.toISOString()}::timestamptz
    order by starts`);
  return rows.map(({ month }) => month);
}

/** How many rows a month has. */
export async function countImportRows(executor: Executor, month: Month): Promise<number> {
  const { rows } = await executor.execute<{ count: string }>(sql`
    select count(*) as count from import_rows
    where at >= ${firstDay(month)}::timestamp at time zone 'UTC'
      and at < (${firstDay(month)} + interval '1 month')::timestamp at time zone 'UTC'`);
  return Number(rows[0]?.count);
}

/** Lets a month of rows of imports go, and tells of it. */
export async function cutImportRows(executor: Executor, run: number, month: Month): Promise<number> {
  const { rows } = await executor.execute<{ gone: string }>(
    sql`select meldesync_cut_import_rows(${run}::bigint, ${firstDay(month)}) as gone`,
  );
  return Number(rows[0]?.gone);
}

/** What may go of answers to edits and of conflicts that are settled. */
export async function countOld(executor: Executor, what: 'operations' | 'conflicts', before: Date): Promise<number> {
  const { rows } = await executor.execute<{ count: string }>(
    sql`select meldesync_count_old(${what}, ${before.toISOString()}::timestamptz) as count`,
  );
  return Number(rows[0]?.count);
}

/** Lets a batch of them go, and tells of it; how many. */
export async function cutOld(
  executor: Executor,
  what: 'operations' | 'conflicts',
  input: { readonly run: number; readonly before: Date; readonly most: number },
): Promise<number> {
  const given = sql`${input.run}::bigint, ${input.before.toISOString()}::timestamptz, ${input.most}::integer`;
  const { rows } = await executor.execute<{ gone: string }>(
    what === 'operations'
      ? sql`select meldesync_cut_operations(${given}) as gone`
      : sql`select meldesync_cut_conflicts(${given}) as gone`,
  );
  return Number(rows[0]?.gone);
}

/** Lets changes go that are in the archive by now, with the event that tells of it; all of them or none. */
export async function cutChanges(
  database: Database,
  input: { readonly run: number; readonly entries: readonly string[]; readonly archive: string | null },
): Promise<void> {
  await database.drizzle.execute(sql`
    select meldesync_cut_changes(${input.run}::bigint, ${sql.param([...input.entries])}::bigint[], ${input.archive}::text)`);
}

/** Lets a month of events go that is in the archive by now; throws with SQLSTATE 55P03 where the table is not free at once. */
export async function cutEvents(
  database: Database,
  input: { readonly run: number; readonly month: Month; readonly count: number; readonly archive: string | null },
): Promise<void> {
  await database.drizzle.execute(sql`
    select meldesync_cut_events(${input.run}::bigint, ${firstDay(input.month)}, ${input.count}::bigint, ${input.archive}::text)`);
}

/** How much of each kind a run let go of, as its events tell: of one that was begun again, all of it. */
export async function readToldCuts(executor: Executor, run: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await executor.execute<{ kind: string; count: string }>(
    sql`select kind, count from meldesync_told_cuts(${run}::bigint)`,
  );
  return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
}
