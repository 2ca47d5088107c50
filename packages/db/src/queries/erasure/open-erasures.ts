import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

/** An erasure of which something outside of the database is left to do. */
export interface OpenErasure {
  readonly id: string;
  readonly workspaceId: string;
  /** Id of the event that tells of it. */
  readonly event: string;
  /** Internal ids of the records that are gone. */
  readonly records: readonly string[];
  /** Streams hold what names the case up to here: a decimal position of the log. */
  readonly logEnd: string;
  readonly salt: Buffer;
  /** SHA-256 of the salt and each name that is erased. */
  readonly hashes: readonly Buffer[];
  readonly areStreamsDone: boolean;
  readonly areArchivesDone: boolean;
}

/** Erasures of which something is left to do, oldest first. */
export async function listOpenErasures(executor: Executor): Promise<OpenErasure[]> {
  const { rows } = await executor.execute<{
    id: string;
    workspace_id: string;
    event: string;
    records: string[];
    log_end: string;
    salt: Buffer;
    hashes: Buffer[];
    streams: boolean;
    archives: boolean;
  }>(sql`
    select id, workspace_id, event::text as event, records::text[] as records, log_end, salt, hashes,
      streams_done_at is not null as streams, archives_done_at is not null as archives
    from erasures where salt is not null order by at`);
  return rows.map((row) => ({
    id: row.id,
    workspaceId: row.workspace_id,
    event: row.event,
    records: row.records,
    logEnd: row.log_end,
    salt: row.salt,
    hashes: row.hashes,
    areStreamsDone: row.streams,
    areArchivesDone: row.archives,
  }));
}

/** Notes what is done of one; what archives are searched by goes with the last of it. */
export async function noteErased(executor: Executor, id: string, what: 'streams' | 'archives'): Promise<void> {
  const column = sql.raw(what === 'streams' ? 'streams_done_at' : 'archives_done_at');
  await executor.execute(sql`update erasures set ${column} = now() where id = ${id}::uuid`);
  await executor.execute(sql`
    update erasures set salt = null, hashes = null
    where id = ${id}::uuid and streams_done_at is not null and archives_done_at is not null`);
}

/** Up to where all streams are filled, and will not be filled again from before; undefined without a feed. */
export async function feedEnd(
  executor: Executor,
): Promise<{ readonly epoch: string; readonly isPast: (logEnd: string) => boolean } | undefined> {
  const { rows } = await executor.execute<{ epoch: string; confirmed_lsn: string }>(
    sql`select epoch, confirmed_lsn from feed_state`,
  );
  const [row] = rows;
  return row && { epoch: row.epoch, isPast: (logEnd) => BigInt(row.confirmed_lsn) >= BigInt(logEnd) };
}
