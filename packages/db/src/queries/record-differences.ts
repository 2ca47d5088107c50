import { sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/** Ids above `above`, up to `upTo`. */
export interface IdRange {
  readonly above: number;
  readonly upTo: number;
}

/** Every id that a record can have. */
export const ALL_IDS: IdRange = { above: 0, upTo: Number.MAX_SAFE_INTEGER };

/** A record that was written past the triggers. */
export interface UntoldRecord {
  readonly id: number;
  readonly workspaceId: string;
}

/** One that was told of, with what was told. */
export interface RepairedRecord extends UntoldRecord {
  readonly op: 'insert' | 'update' | 'delete';
}

/**
 * The next range of ids to look through, with at most about `size` records and `size` changes in it; the last one has no end, so
 * that whatever lies behind is in it.
 */
export async function nextIdRange(executor: Executor, above: number, size: number): Promise<IdRange> {
  const { rows } = await executor.execute<{ up_to: string | null }>(sql`
    select least(
      (select id from records where id > ${above}::bigint order by id offset ${size}::int limit 1),
      (select record_id from changes where record_id > ${above}::bigint order by record_id, version
       offset ${size}::int limit 1)
    ) as up_to`);
  const upTo = rows[0]?.up_to ?? null;
  return { above, upTo: upTo === null ? ALL_IDS.upTo : Number(upTo) };
}

/**
 * Records that do not hold what their history says, or are gone without a word, as of one moment. Nothing waits for it, and it
 * waits for nothing.
 */
export async function findUntoldRecords(
  executor: Executor,
  { above, upTo }: IdRange,
  workspaceId?: string,
): Promise<UntoldRecord[]> {
  const workspace = workspaceId === undefined ? sql`null::uuid` : sql`${workspaceId}::uuid`;
  const { rows } = await executor.execute<{ id: string; workspace_id: string }>(sql`
    select record_id as id, workspace_id
    from meldesync_differences(${above}::bigint, ${upTo}::bigint, ${workspace}) order by record_id`);
  return rows.map((row) => ({ id: Number(row.id), workspaceId: row.workspace_id }));
}

/**
 * Gives records that were written past the triggers a new version and the change that says so, by `db:?`. Those that somebody has
 * locked, and those that hold what was told by now, are passed over.
 */
export async function repairRecords(executor: Executor, ids: readonly number[]): Promise<RepairedRecord[]> {
  const { rows } = await executor.execute<{ id: string; workspace_id: string; op: RepairedRecord['op'] }>(sql`
    select record_id as id, workspace_id, op from meldesync_repair(${sql.param([...ids])}::bigint[])`);
  return rows.map((row) => ({ id: Number(row.id), workspaceId: row.workspace_id, op: row.op }));
}

/** The subscriptions that bring the history into this database: until they are dropped nothing may be added to it here. */
export async function listHistorySources(executor: Executor): Promise<string[]> {
  const { rows } = await executor.execute<{ subscription: string }>(
    sql`select subscription from meldesync_history_sources() order by 1`,
  );
  return rows.map((row) => row.subscription);
}

/** Triggers that are gone, switched off, or not on as they must be, as `table.trigger`. Migrating switches on those that are there. */
export async function listChangedTriggers(executor: Executor): Promise<string[]> {
  const { rows } = await executor.execute<{ name: string }>(
    sql`select on_table || '.' || trigger as name from meldesync_changed_triggers() order by 1`,
  );
  return rows.map((row) => row.name);
}

/**
 * What changes the meaning of statements on our tables past all triggers, as `table: what`: rules, row security, tables that inherit from
 * one of ours or from which one does. Where a superuser has migrated Postgres refuses it.
 */
export async function listChangedTables(executor: Executor): Promise<string[]> {
  const { rows } = await executor.execute<{ name: string }>(
    sql`select on_table || ': ' || what as name from meldesync_changed_tables() order by 1`,
  );
  return rows.map((row) => row.name);
}

/**
 * Whether a restore is under way, which makes the indexes after it has brought the rows: what is not there yet is not gone, and nothing may
 * take its place.
 */
export async function isBeingRestored(executor: Executor): Promise<boolean> {
  const { rows } = await executor.execute<{ under_way: boolean }>(
    sql`select to_regclass('public.records_pkey') is null or to_regclass('public.changes_record_version') is null as under_way`,
  );
  return rows[0]?.under_way !== false;
}

/** Gives changes from before there were digests the one that the history says, where they are the newest; how many there were. */
export async function fillDigests(executor: Executor, { above, upTo }: IdRange): Promise<number> {
  const { rows } = await executor.execute<{ filled: string }>(
    sql`select meldesync_fill_digests(${above}::bigint, ${upTo}::bigint) as filled`,
  );
  return Number(rows[0]?.filled);
}

/** Takes the lock of whoever looks for such records, which lives as long as the connection; false while another has it. */
export async function tryToSweep(executor: Executor): Promise<boolean> {
  const { rows } = await executor.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_lock(hashtext('meldesync-sweep')) as taken`,
  );
  return rows[0]?.taken === true;
}
