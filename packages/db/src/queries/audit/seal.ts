import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

/** What one call of the sealing did. */
export interface SealRound {
  /** The last seal there is; null before the first. */
  readonly seal: number | null;
  /** Entries that this call sealed. */
  readonly sealed: number;
  /** There is more to do at once. */
  readonly isBehind: boolean;
  /** How old the oldest of them was. */
  readonly lagMs: number;
  /** So long a transaction is open already that keeps later ones from being sealed; 0 where there is none. */
  readonly heldMs: number;
  /** The process of Postgres that has it open; null where it is prepared, or gone by now. */
  readonly heldBy: number | null;
  /** The life of the server that has begun, where it is another one than before. */
  readonly began: string | null;
}

/** Seals what is final, `most` entries at the most; null where somebody else is at it. No edit waits for it. */
export async function sealEntries(executor: Executor, most: number): Promise<SealRound | null> {
  const { rows } = await executor.execute<{
    seal: string | null;
    sealed: number;
    is_behind: boolean;
    lag_ms: number;
    held_ms: number;
    held_by: number | null;
    began: string | null;
  }>(sql`select * from meldesync_seal(${most}::int)`);
  const [row] = rows;
  if (!row) return null;
  return {
    seal: row.seal === null ? null : Number(row.seal),
    sealed: row.sealed,
    isBehind: row.is_behind,
    lagMs: row.lag_ms,
    heldMs: row.held_ms,
    heldBy: row.held_by,
    began: row.began,
  };
}

/** Of all workers one seals: it holds this lock as long as its connection lives. */
const SEAL_LOCK = 4_839_210_567_341;

/** Whether this connection is the one that seals now. */
export async function tryToBeSealer(executor: Executor): Promise<boolean> {
  const { rows } = await executor.execute<{ is_alone: boolean }>(
    sql`select pg_try_advisory_lock(${SEAL_LOCK}::bigint) as is_alone`,
  );
  return rows[0]?.is_alone === true;
}
