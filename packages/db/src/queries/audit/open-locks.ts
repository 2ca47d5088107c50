import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

/** A lock that was taken, and of whose end nothing is on record. */
export interface OpenLock {
  /** Of its entry. */
  readonly id: number;
  readonly lock: string;
  readonly workspace: string;
  readonly records: readonly number[];
  /** User id. */
  readonly holder: string;
  readonly sessionId: string | null;
  readonly address: string | null;
  /** How long ago it was taken. */
  readonly ageMs: number;
}

/** How many entries back one begins to look. */
const LOOKED_BACK = 20_000;

/** Locks without an end among the entries after one, and the last entry of all. Without one the latest are looked at. */
export async function findOpenLocks(
  executor: Executor,
  after: number | undefined,
): Promise<{ readonly open: readonly OpenLock[]; readonly last: number }> {
  const [newest] = (await executor.execute<{ last: string | null }>(sql`select max(id) as last from events`)).rows;
  const last = Number(newest?.last ?? 0);
  const { rows } = await executor.execute<Omit<OpenLock, 'id'> & { id: string }>(sql`
    select taken.id, substr(taken.subject, 6) as lock, taken.workspace_id as workspace, taken.after -> 'records' as records,
      substr(taken.actor, 6) as holder, taken.session_id as "sessionId", taken.address,
      (extract(epoch from clock_timestamp() - taken.at) * 1000)::float8 as "ageMs"
    from events taken
    where taken.id > ${after ?? last - LOOKED_BACK}::bigint and taken.id <= ${last}::bigint and taken.kind = 'lock-taken'
      and not exists (
        select from events ended where ended.subject = taken.subject
          and ended.kind in ('lock-released', 'lock-lost', 'lock-taken-away')
      )
    order by taken.id`);
  return { open: rows.map((row) => ({ ...row, id: Number(row.id) })), last };
}
