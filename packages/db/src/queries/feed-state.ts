import { ORIGIN } from '@meldesync/protocol';
import { eq, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { feedPositions, feedState } from '../schema/index.ts';

export interface FeedState {
  /** 8 hex digits. */
  readonly epoch: string;
  /** Decimal LSN from which replication restarts. */
  readonly confirmedLsn: string;
  /** Transactions that the checksums of the epoch's beginning hold already; null where there are none. */
  readonly baseSnapshot: string | null;
}

/** Where a workspace's feed stands. */
export interface FeedPosition {
  readonly position: string;
  /** Checksum of the workspace there; null where it is not known. */
  readonly checksum: number | null;
}

/** The feed's epoch and confirmed position; undefined before the first relay ran. */
export async function getFeedState(executor: Executor): Promise<FeedState | undefined> {
  const [row] = await executor
    .select({ epoch: feedState.epoch, confirmedLsn: feedState.confirmedLsn, baseSnapshot: feedState.baseSnapshot })
    .from(feedState);
  return row;
}

/** Each workspace's last position at the confirmed LSN. */
export async function getFeedPositions(executor: Executor): Promise<Map<string, FeedPosition>> {
  const rows = await executor.select().from(feedPositions);
  return new Map(rows.map(({ workspaceId, position, checksum }) => [workspaceId, { position, checksum }]));
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

/**
 * Begins an epoch: every workspace stands before its first frame, with the checksum of what was told of it. The slot is there
 * already, so the feed tells of everything that the checksums lack; what they hold and the feed tells all the same, the
 * returned `baseSnapshot` says.
 */
export async function beginEpoch(database: Database, state: Omit<FeedState, 'baseSnapshot'>): Promise<FeedState> {
  return database.drizzle.transaction(
    async (tx) => {
      await tx.delete(feedPositions);
      await tx.delete(feedState);
      const snapshot = await tx.execute<{ base: string }>(sql`select pg_current_snapshot()::text as base`);
      const baseSnapshot = snapshot.rows[0]?.base ?? null;
      await tx.insert(feedState).values({ ...state, baseSnapshot });
      await tx.execute(sql`
        insert into feed_positions (workspace_id, position, checksum)
        select id, ${ORIGIN}, meldesync_told_checksum(id) from workspaces`);
      return { ...state, baseSnapshot };
    },
    { isolationLevel: 'repeatable read' },
  );
}

/**
 * Moves the confirmed position on, with the positions that changed up to it, all or nothing. False when another epoch has
 * begun meanwhile, which these positions say nothing of.
 */
export async function confirmFeed(
  database: Database,
  epoch: string,
  confirmedLsn: string,
  positions: ReadonlyMap<string, FeedPosition>,
): Promise<boolean> {
  return database.drizzle.transaction(async (tx) => {
    const confirmed = await tx
      .update(feedState)
      .set({ confirmedLsn })
      .where(eq(feedState.epoch, epoch))
      .returning({ epoch: feedState.epoch });
    if (confirmed.length === 0) return false;
    if (positions.size === 0) return true;
    await tx
      .insert(feedPositions)
      .values([...positions].map(([workspaceId, { position, checksum }]) => ({ workspaceId, position, checksum })))
      .onConflictDoUpdate({
        target: feedPositions.workspaceId,
        set: { position: sql`excluded.position`, checksum: sql`excluded.checksum` },
      });
    return true;
  });
}
