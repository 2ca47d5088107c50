import { sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { feedPositions, feedState } from '../schema/index.ts';

export interface FeedState {
  /** 8 hex digits. */
  readonly epoch: string;
  /** Decimal LSN from which replication restarts. */
  readonly confirmedLsn: string;
}

/** The feed's epoch and confirmed position; undefined before the first relay ran. */
export async function getFeedState(executor: Executor): Promise<FeedState | undefined> {
  const [row] = await executor.select({ epoch: feedState.epoch, confirmedLsn: feedState.confirmedLsn }).from(feedState);
  return row;
}

/** Each workspace's last position at the confirmed LSN. */
export async function getFeedPositions(executor: Executor): Promise<Map<string, string>> {
  const rows = await executor.select().from(feedPositions);
  return new Map(rows.map((row) => [row.workspaceId, row.position]));
}

/**
 * Runs something that no other relay runs at the same time. Beginning an epoch takes several steps, and two relays that
 * both find no slot would each begin one.
 */
export async function aloneWithFeed<T>(database: Database, run: () => Promise<T>): Promise<T> {
  return database.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('meldesync-feed'))`);
    return run();
  });
}

/** Ends the epoch: until the next one begins there is no feed, and no cursor can be handed out. */
export async function endEpoch(database: Database): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    await tx.delete(feedPositions);
    await tx.delete(feedState);
  });
}

/** Begins an epoch, with no positions yet. */
export async function beginEpoch(database: Database, state: FeedState): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    await tx.delete(feedPositions);
    await tx.delete(feedState);
    await tx.insert(feedState).values(state);
  });
}

/** Moves the confirmed position on, with the positions that changed up to it, all or nothing. */
export async function confirmFeed(
  database: Database,
  confirmedLsn: string,
  positions: ReadonlyMap<string, string>,
): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    await tx.update(feedState).set({ confirmedLsn });
    if (positions.size === 0) return;
    await tx
      .insert(feedPositions)
      .values([...positions].map(([workspaceId, position]) => ({ workspaceId, position })))
      .onConflictDoUpdate({ target: feedPositions.workspaceId, set: { position: sql`excluded.position` } });
  });
}
