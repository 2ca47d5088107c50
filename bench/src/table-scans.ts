import { setTimeout as sleep } from 'node:timers/promises';
import type { Meldesync } from './systems/meldesync.ts';

/** How often Postgres has looked into tables, by an index or through the whole table, whoever asked. */
export interface Scans {
  readonly records: number;
  readonly changes: number;
  readonly sessions: number;
  readonly members: number;
}

/** A connection of Postgres that has nothing to do tells what it did at the latest after 10 s. */
const TOLD_AFTER_MS = 11_000;

/** Reads the counters once every connection has told what it did so far. */
export async function readScans({ database }: Meldesync, signal: AbortSignal): Promise<Scans> {
  await sleep(TOLD_AFTER_MS, undefined, { signal });
  const { rows } = await database.drizzle.execute(
    'select relname, seq_scan + coalesce(idx_scan, 0) as scans from pg_stat_user_tables',
  );
  const of = (table: string) => Number(rows.find((row) => row['relname'] === table)?.['scans'] ?? 0);
  return {
    records: of('records'),
    changes: of('changes'),
    sessions: of('session'),
    members: of('members'),
  };
}
