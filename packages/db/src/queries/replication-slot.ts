import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';

/** Whose log Postgres writes, and how far it is. */
export interface LogIdentity {
  /** Of the server since `initdb`; copies of it and its standbys have the same. */
  readonly systemId: string;
  /** Raised whenever a standby is promoted, or a backup restored to a moment. */
  readonly timeline: number;
  /** Decimal LSN. */
  readonly endLsn: string;
  /** Which table the history is and which publication tells of it; null while none tells of all of it. */
  readonly history: string | null;
}

/** Throws on a server that only follows another one. */
export async function getLogIdentity(executor: Executor): Promise<LogIdentity> {
  // The timeline that is written to: the control file names it only from the next checkpoint on.
  const found = await executor.execute<{
    system: string;
    timeline: number;
    end: string;
    history: string | null;
  }>(sql`
    select system_identifier::text as system, (lsn - '0/0'::pg_lsn)::text as end, meldesync_history_identity() as history,
           ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int as timeline
    from pg_control_system(), pg_current_wal_insert_lsn() as lsn`);
  const row = found.rows[0];
  if (!row) throw new Error('Postgres does not say whose log it writes');
  return { systemId: row.system, timeline: row.timeline, endLsn: row.end, history: row.history };
}

/**
 * The decimal LSN from which the slot tells of commits; undefined when there is none that can be read from. A slot that was
 * invalidated (too much WAL held back) lost its place, one that stands beyond the end of the log is of another log: either
 * is dropped.
 */
export async function findUsableSlot(executor: Executor, slot: string): Promise<string | undefined> {
  const found = await executor.execute<{ lost: boolean; lsn: string }>(sql`
    select coalesce(wal_status = 'lost', false) or confirmed_flush_lsn > pg_current_wal_insert_lsn() as lost,
           (confirmed_flush_lsn - '0/0'::pg_lsn)::text as lsn
    from pg_replication_slots where slot_name = ${slot}`);
  const row = found.rows[0];
  if (!row?.lost) return row?.lsn;
  await dropSlot(executor, slot);
  return undefined;
}

/** Throws where a relay reads from it (SQLSTATE 55006). */
export async function dropSlot(executor: Executor, slot: string): Promise<void> {
  await executor.execute(sql`select pg_drop_replication_slot(${slot})`);
}

/** Whether a relay reads from the slot now. */
export async function slotIsTaken(executor: Executor, slot: string): Promise<boolean> {
  const found = await executor.execute<{ active: boolean }>(sql`
    select active from pg_replication_slots where slot_name = ${slot}`);
  return found.rows[0]?.active ?? false;
}

/**
 * Creates the logical slot; the decimal LSN from which it can read. It waits for every transaction that has written already;
 * `onBackend` gets the process id of the connection that does.
 */
export async function createSlot(
  database: Database,
  slot: string,
  onBackend: (pid: number) => void = () => undefined,
): Promise<string> {
  return database.drizzle.transaction(async (tx) => {
    const backend = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    if (backend.rows[0]) onBackend(backend.rows[0].pid);
    const created = await tx.execute<{ lsn: string }>(sql`
      select (lsn - '0/0'::pg_lsn)::text as lsn from pg_create_logical_replication_slot(${slot}, 'pgoutput')`);
    const row = created.rows[0];
    if (!row) throw new Error('pg_create_logical_replication_slot returned no row');
    return row.lsn;
  });
}

/** A transaction that another one waits for. */
export interface Blocker {
  /** 0 for a prepared transaction, which `pg_prepared_xacts` lists. */
  readonly pid: number;
  readonly application: string | null;
  /** `idle in transaction`, for one that somebody left open. */
  readonly state: string | null;
  readonly openForSeconds: number | null;
}

/** What a connection waits for now, without what those transactions do. */
export async function findBlockers(executor: Executor, pid: number): Promise<Blocker[]> {
  const found = await executor.execute<{ [Name in keyof Blocker]: Blocker[Name] }>(sql`
    select blocker.pid, application_name as application, state,
           extract(epoch from now() - xact_start)::int as "openForSeconds"
    from unnest(pg_blocking_pids(${pid})) as blocker(pid) left join pg_stat_activity using (pid)`);
  return found.rows;
}

/** A transaction that has written history and may be in the middle of its commit. */
export interface Committing {
  readonly xid: string;
  /** Its commit is in the log for certain, and it waits for a standby. */
  readonly isLogged: boolean;
}

/**
 * The transactions that have written history and may be in the middle of their commit: in the log already, and not visible yet. One
 * that its session has left open, or that waits for a lock or for its client, has not begun to commit.
 */
export async function findCommitting(executor: Executor): Promise<Committing[]> {
  const found = await executor.execute<{ [Name in keyof Committing]: Committing[Name] }>(sql`
    select distinct backend_xid::text as xid, wait_event is not distinct from 'SyncRep' as "isLogged"
    from pg_locks join pg_stat_activity using (pid)
    where locktype = 'relation' and mode = 'RowExclusiveLock' and relation = 'changes'::regclass
      and database = (select oid from pg_database where datname = current_database())
      and state = 'active' and backend_xid is not null and coalesce(wait_event_type, '') not in ('Lock', 'Client')`);
  return found.rows;
}

/** Ends what a connection runs now. */
export async function cancelBackend(executor: Executor, pid: number): Promise<void> {
  await executor.execute(sql`select pg_cancel_backend(${pid})`);
}
