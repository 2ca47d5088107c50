import { ORIGIN } from '@meldesync/protocol';
import { and, eq, sql } from 'drizzle-orm';
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

/** The feed's state with what only relays ask. */
export interface StoredFeedState extends FeedState, LogOrigin {
  /** Of the relay that took the feed over last; null before the first of the epoch. */
  readonly token: number | null;
}

/** Whose log an epoch is of; null where a relay of 0.3.0 began it. */
interface LogOrigin {
  readonly systemId: string | null;
  readonly timeline: number | null;
  /** Which table the history was, and which publication told of it; null where a relay from before migration 0017 began it. */
  readonly history: string | null;
}

/** What a relay holds once it has taken the feed over. */
export interface FeedHold {
  readonly epoch: string;
  readonly token: number;
}

/** Another relay has begun an epoch meanwhile. */
export class EpochBegunError extends Error {}

/** Where a workspace's feed stands. */
export interface FeedPosition {
  readonly position: string;
  /** Checksum of the workspace there; null where it is not known. */
  readonly checksum: number | null;
}

/** The feed's epoch and confirmed position; undefined before the first relay ran. */
export async function getFeedState(executor: Executor): Promise<StoredFeedState | undefined> {
  const { epoch, confirmedLsn, baseSnapshot, systemId, timeline, history, token } = feedState;
  const [row] = await executor
    .select({ epoch, confirmedLsn, baseSnapshot, systemId, timeline, history, token })
    .from(feedState);
  return row;
}

/** Notes whose log the epoch is of, and what of it, where that is not known yet. */
export async function adoptLog(
  database: Database,
  epoch: string,
  { systemId, timeline, history }: LogOrigin,
): Promise<void> {
  await database.drizzle
    .update(feedState)
    .set({
      systemId: sql`coalesce(${feedState.systemId}, ${systemId})`,
      timeline: sql`coalesce(${feedState.timeline}, ${timeline})`,
      history: sql`coalesce(${feedState.history}, ${history})`,
    })
    .where(eq(feedState.epoch, epoch));
}

/**
 * Takes the feed over, for a relay that holds the slot and has read this state before; the token that its writes bear from
 * now on, higher than that of any relay before it. Undefined when another one has confirmed more since, or begun an epoch.
 */
export async function takeFeed(
  database: Database,
  { epoch, confirmedLsn }: Pick<FeedState, 'epoch' | 'confirmedLsn'>,
): Promise<number | undefined> {
  const [taken] = await database.drizzle
    .update(feedState)
    .set({ token: sql`coalesce(${feedState.token}, 0) + 1` })
    .where(and(eq(feedState.epoch, epoch), eq(feedState.confirmedLsn, confirmedLsn)))
    .returning({ token: feedState.token });
  return taken?.token ?? undefined;
}

/** A workspace's last position at the confirmed LSN; undefined for one that came after the epoch began and was not confirmed yet. */
export async function getFeedPosition(executor: Executor, workspace: string): Promise<FeedPosition | undefined> {
  const { position, checksum } = feedPositions;
  const [row] = await executor
    .select({ position, checksum })
    .from(feedPositions)
    .where(eq(feedPositions.workspaceId, workspace));
  return row;
}

/** Each workspace's last position at the confirmed LSN. */
export async function getFeedPositions(executor: Executor): Promise<Map<string, FeedPosition>> {
  const rows = await executor.select().from(feedPositions);
  return new Map(rows.map(({ workspaceId, position, checksum }) => [workspaceId, { position, checksum }]));
}

/** How long a relay may be silent before it no longer keeps others waiting, and how often it says that it lives. */
const ALONE_SILENCE_MS = 10_000;
const ALONE_SIGN_MS = 2_000;

/**
 * Runs something that no other relay runs at the same time. Beginning an epoch takes several steps, and two relays that
 * both find no slot would each begin one. A relay that is frozen meanwhile loses its turn.
 */
export async function aloneWithFeed<T>(database: Database, run: () => Promise<T>): Promise<T> {
  return database.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('meldesync-feed')),
      set_config('idle_in_transaction_session_timeout', ${String(ALONE_SILENCE_MS)}, true)`);
    let sign: Promise<unknown> = Promise.resolve();
    // Where it fails the turn is over, and the commit fails as well.
    const giveSign = () => {
      sign = sign.then(() => tx.execute(sql`select 1`)).catch(() => undefined);
    };
    const timer = setInterval(giveSign, ALONE_SIGN_MS);
    try {
      return await run();
    } finally {
      clearInterval(timer);
      await sign;
    }
  });
}

/**
 * Ends an epoch, undefined for none: until the next one begins there is no feed, and no cursor can be handed out.
 *
 * @throws EpochBegunError when another relay has begun one meanwhile
 */
export async function endEpoch(database: Database, epoch: string | undefined): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    const [found] = await tx.select({ epoch: feedState.epoch }).from(feedState).for('update');
    if (found?.epoch !== epoch) throw new EpochBegunError();
    await tx.delete(feedPositions);
    await tx.delete(feedState);
  });
}

/**
 * Begins an epoch: every workspace stands before its first frame, with the checksum of what was told of it. The slot is there
 * already, so the feed tells of everything that the checksums lack; what they hold and the feed tells all the same, the
 * returned `baseSnapshot` says.
 *
 * @param former the epoch that this one replaces; undefined when there is none
 * @throws EpochBegunError when another relay has begun one meanwhile
 */
export async function beginEpoch(
  database: Database,
  state: Omit<FeedState, 'baseSnapshot'> & LogOrigin,
  former: string | undefined,
): Promise<StoredFeedState> {
  return database.drizzle.transaction(
    async (tx) => {
      const [found] = await tx.select({ epoch: feedState.epoch }).from(feedState);
      if (found?.epoch !== former) throw new EpochBegunError();
      await tx.delete(feedPositions);
      await tx.delete(feedState);
      const snapshot = await tx.execute<{ base: string }>(sql`select pg_current_snapshot()::text as base`);
      const baseSnapshot = snapshot.rows[0]?.base ?? null;
      await tx.insert(feedState).values({ ...state, baseSnapshot });
      await tx.execute(sql`
        insert into feed_positions (workspace_id, position, checksum)
        select id, ${ORIGIN}, meldesync_told_checksum(id) from workspaces`);
      return { ...state, baseSnapshot, token: null };
    },
    { isolationLevel: 'repeatable read' },
  );
}

/**
 * Moves the confirmed position on, never back, with the positions that changed up to it, all or nothing. False when another
 * relay has taken the feed over meanwhile, or confirmed more, or begun an epoch, which these positions say nothing of.
 */
export async function confirmFeed(
  database: Database,
  { epoch, token }: FeedHold,
  confirmedLsn: string,
  positions: ReadonlyMap<string, FeedPosition>,
): Promise<boolean> {
  return database.drizzle.transaction(async (tx) => {
    const confirmed = await tx
      .update(feedState)
      .set({ confirmedLsn })
      .where(
        and(
          eq(feedState.epoch, epoch),
          eq(feedState.token, token),
          // A relay of 0.3.0 takes the feed over without a token.
          sql`${feedState.confirmedLsn}::numeric <= ${confirmedLsn}::numeric`,
        ),
      )
      .returning({ epoch: feedState.epoch });
    if (confirmed.length === 0) return false;
    if (positions.size === 0) return true;
    const rows = [...positions].map(([workspaceId, { position, checksum }]) => ({ workspaceId, position, checksum }));
    const column = (name: 'workspaceId' | 'position' | 'checksum') => sql.param(rows.map((row) => row[name]));
    // A change written past all references may be of no workspace: it keeps nobody else's from being confirmed.
    await tx.execute(sql`
      insert into feed_positions (workspace_id, position, checksum)
      select id, position, checksum
      from unnest(${column('workspaceId')}::uuid[], ${column('position')}::text[], ${column('checksum')}::bigint[])
        as moved(workspace_id, position, checksum)
      join workspaces on id = workspace_id
      on conflict (workspace_id) do update set position = excluded.position, checksum = excluded.checksum`);
    return true;
  });
}
