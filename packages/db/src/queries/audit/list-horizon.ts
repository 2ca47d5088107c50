import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import type { AuditHorizon, AuditIds, AuditSource } from './list-view.ts';

/**
 * So many ids back somebody may still commit who took one: at the beginning, when nobody knows who is under way, and later for whom
 * we can say it by their transaction, but for the moment between an id and the number of the transaction.
 */
const UNDER_WAY = { atFirst: 100_000, later: 1_000 };

interface Now {
  readonly snapshot: string;
  readonly until: string;
  readonly ids: AuditIds;
  /** Whether every transaction before `until` of the horizon has ended. */
  readonly hasEnded: boolean;
}

/** A horizon is of a database whose transactions are not these: that of before a restore. */
export class ForeignHorizonError extends Error {
  constructor() {
    super('the horizon is of another database');
    this.name = 'ForeignHorizonError';
  }
}

/** What the present transaction, which must be of one snapshot, sees of the trail. Throws a `ForeignHorizonError`. */
export async function readHorizon(executor: Executor, before: AuditHorizon | null): Promise<AuditHorizon> {
  const { snapshot, until, ids, hasEnded } = await readNow(executor, before);
  const lower = (of: AuditIds, by: number): AuditIds => ({
    change: Math.max(0, of.change - by),
    event: Math.max(0, of.event - by),
  });
  if (!before) return { snapshot, final: lower(ids, UNDER_WAY.atFirst), noted: { ...ids, until } };
  if (!hasEnded) return { ...before, snapshot };
  return { snapshot, final: lower(before.noted, UNDER_WAY.later), noted: { ...ids, until } };
}

async function readNow(executor: Executor, before: AuditHorizon | null): Promise<Now> {
  const { rows } = await executor.execute<{
    snapshot: string;
    until: string;
    has_ended: boolean;
    is_foreign: boolean;
    change: string;
    event: string;
  }>(sql`
    select pg_current_snapshot()::text as snapshot, pg_snapshot_xmax(pg_current_snapshot())::text as until,
      pg_snapshot_xmin(pg_current_snapshot()) >= ${before?.noted.until ?? '0'}::text::xid8 as has_ended,
      pg_snapshot_xmax(pg_current_snapshot()) < ${before?.noted.until ?? '0'}::text::xid8 as is_foreign,
      coalesce((select max(id) from changes), 0) as change, coalesce((select max(id) from events), 0) as event`);
  const [row] = rows;
  if (!row) throw new Error('the snapshot gave no row');
  if (row.is_foreign) throw new ForeignHorizonError();
  return {
    snapshot: row.snapshot,
    until: row.until,
    hasEnded: row.has_ended,
    ids: { change: Number(row.change), event: Number(row.event) },
  };
}

/**
 * What was committed since a horizon. A database that was restored counts transactions anew: what has a number that is not given out yet
 * is from before that.
 */
export function since({ snapshot, final }: AuditHorizon): (source: AuditSource) => SQL {
  return (source) => sql`x.id > ${final[source]}::bigint
    and not pg_visible_in_snapshot(x.txid::xid8, ${snapshot}::text::pg_snapshot)
    and x.txid::xid8 < pg_snapshot_xmax(pg_current_snapshot())`;
}

/** What a snapshot shows, and nothing that was committed after it. */
export function visibleIn(snapshot: string): (source: AuditSource) => SQL {
  return () => sql`(pg_visible_in_snapshot(x.txid::xid8, ${snapshot}::text::pg_snapshot)
    or x.txid::xid8 >= pg_snapshot_xmax(pg_current_snapshot()))`;
}
