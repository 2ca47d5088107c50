import type { RelayFeed } from '@meldesync/bus';
import {
  type Database,
  type FeedHold,
  type FeedState,
  getFeedPositions,
  getFeedState,
  getLogIdentity,
  listHistorySources,
  type StoredFeedState,
  sqlState,
  takeFeed,
} from '@meldesync/db';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { Logger, Tracing } from '@meldesync/telemetry';
import { answerInTime } from './answer-in-time.ts';
import { BufferKeeper, type BufferKeeperOptions } from './buffer-keeper.ts';
import { type CanaryRound, emitCanaries, passCanaryOn } from './canary.ts';
import type { RelayConfig } from './config.ts';
import { Confirmer } from './confirmer.ts';
import { ensureEpoch } from './epoch.ts';
import type { EpochFacts, FoundOut } from './epoch-end.ts';
import type { FeedGauge } from './feed-gauge.ts';
import { FrameJourneys } from './frame-journey.ts';
import { watchHistory } from './history-watch.ts';
import { EntriesLostError, EpochOverError, TakenOverError } from './pass-errors.ts';
import { PassPublisher } from './publisher.ts';
import { tendBuffer, watchMarker } from './redis-watch.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { repeat } from './repeat.ts';
import { followReplication, type ReplicationStream } from './replication/replication-stream.ts';
import { createShutdownWatch } from './shutdown-watch.ts';
import { createSlotWatched } from './slot-creation.ts';
import { checkStream, type StreamWatchOptions, watchStreams } from './stream-watch.ts';
import { publishTransactions } from './transactions.ts';
import { untilVisible } from './until-visible.ts';

export interface PassContext {
  readonly config: RelayConfig;
  readonly database: Database;
  /** A new connection to Redis. Each pass has its own: what one could not deliver must not arrive during the next. */
  readonly openFeed: () => RelayFeed;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  readonly tracing: Tracing;
  /** Something in the log or in Redis cannot be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
  /** How fresh what this relay passes on is. */
  readonly round: CanaryRound;
  /** How far the feed is behind. */
  readonly gauge: FeedGauge;
  /** Ends the relay. */
  readonly signal: AbortSignal;
  readonly onActive: (active: boolean) => void;
  /** The relay has taken the feed over. */
  readonly onTaken: (hold: FeedHold) => void;
  /** For how long the pass has waited for a slot, longer than usual; 0 when it no longer does. */
  readonly onSlotWait: (waitedMs: number) => void;
  /** The hold of an earlier pass that has found out that its epoch cannot go on, and why. */
  readonly distrusted?: EpochFacts['distrusted'];
}

/** How long Redis may leave a question unanswered, unless the configuration says otherwise. */
const REDIS_TIMEOUT_MS = 5_000;
/** There was no publication when that part of the log was written: nothing reads past it. */
const UNDEFINED_OBJECT = '42704';

/** What one pass has beside what all of them share. */
interface Pass extends PassContext {
  readonly feed: RelayFeed;
  /** Ends the pass. */
  readonly signal: AbortSignal;
  readonly fail: (error: Error) => void;
}

/** Why a pass has ended that is to be followed by another one, or by none (`ended`). */
export type PassEnd = 'ended' | 'entries-lost' | 'takeover' | FoundOut;

/**
 * One pass: reads the WAL from the confirmed position into Redis, until the signal ends it. Resolves with `entries-lost` when
 * Redis must be filled again, with `takeover` when another relay has taken over or confirmed more meanwhile, and with why when
 * an epoch must begin. Rejects when a connection breaks, Redis
 * does not answer in time or another relay holds the slot.
 */
export async function runPass(context: PassContext): Promise<PassEnd> {
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const feed = context.openFeed();
  // When the pass ends, commands that Redis has not answered fail: otherwise their callers would wait for ever.
  signal.addEventListener('abort', () => feed[Symbol.dispose](), { once: true });
  try {
    await followFeed({ ...context, feed, signal, fail: (error) => ending.abort(error) });
  } catch (error) {
    if (sqlState(error) === UNDEFINED_OBJECT) return 'log-unreadable';
    throw error;
  } finally {
    ending.abort();
  }
  if (context.signal.aborted) return 'ended';
  if (signal.reason instanceof EntriesLostError) return 'entries-lost';
  if (signal.reason instanceof TakenOverError) return 'takeover';
  if (signal.reason instanceof EpochOverError) return signal.reason.why;
  throw signal.reason as Error;
}

/** Reads the WAL into Redis until the pass ends. Long because it names, once, what each part of a pass is given. */
async function followFeed(pass: Pass): Promise<void> {
  const { config, database, feed, logger, metrics, gauge, signal, fail } = pass;
  const { slot, holdBackMs, rangeThreshold, redisTimeoutMs = REDIS_TIMEOUT_MS } = config;
  const state = await ensureEpoch({
    database,
    slot,
    logger,
    distrusted: pass.distrusted,
    onBegun: (reason) => metrics.epochs.add(1, { reason }),
    createSlot: () => createSlotWatched({ database, slot, logger, signal, onWaiting: pass.onSlotWait }),
    untilVisible: () => untilVisible(database, signal),
  });
  const { epoch, confirmedLsn } = state;
  const isFollowing = (await listHistorySources(database.drizzle)).length > 0;
  // A relay that does not reach Redis leaves the slot to one that does.
  await answerInTime(feed.ping(), redisTimeoutMs);
  const keeper: BufferKeeper = createKeeper(pass, epoch, {
    positions: () => publisher.positions(),
    handledLsn: () => confirmer.handledLsn,
  });
  const publisher = await createPublisher(pass, state, keeper);
  metrics.waitingSince = () => publisher.oldestCommitAt();
  const logEnd = async () => (await getLogIdentity(database.drizzle)).endLsn;
  const handledLsn = () => confirmer.handledLsn;
  /** Where the log ended when it was asked for last, a second ago at most. */
  let seenEnd: string | undefined;
  const streams: StreamWatchOptions = { feed, publisher, epoch, handledLsn, logEnd, signal, redisTimeoutMs };
  const confirmer = new Confirmer({
    database,
    publisher,
    epoch,
    confirmedLsn,
    holdBackMs,
    checkStream: (workspace) => checkStream(streams, workspace),
    signal,
  });

  let stream: ReplicationStream | undefined;
  let tasks: Promise<void>[] = [];
  const startTasks = () => {
    const confirmEveryMs = Math.min(10_000, Math.max(250, holdBackMs / 10));
    tasks = [
      repeat(confirmEveryMs, signal, () => confirmer.confirmDue(stream)),
      watchMarker(signal, feed, epoch, redisTimeoutMs),
      tendBuffer({ feed, keeper, metrics, gauge, signal }, epoch, [...publisher.positions().keys()]),
      watchStreams(streams),
      emitCanaries(pass),
      watchHistory(database, state.history, signal, (endLsn) => {
        seenEnd = endLsn;
        metrics.feedLag.record(Math.max(0, Number(BigInt(endLsn) - BigInt(confirmer.confirmedLsn))));
      }),
      gauge.follow(
        { logEnd: async () => seenEnd ?? logEnd(), handledLsn, oldestSentAt: () => publisher.oldestSentAt() },
        signal,
        (error) => logger.debug({ err: error }, 'could not measure how far the feed is behind'),
      ),
    ];
    for (const task of tasks) task.catch(fail);
  };
  const onStart = async () => {
    const token = await takeOver(pass, state, publisher);
    if (token === undefined || signal.aborted) return;
    confirmer.begin(token);
    // Not before: a standby that wrote the marker would make the active relay believe that Redis lost entries.
    startTasks();
    pass.onActive(true);
    logger.event('feed-active', { epoch, takeover: token, from: confirmedLsn });
  };
  const onSent = ({ changeCount }: { readonly changeCount: number }) => metrics.changes.add(changeCount);
  try {
    await followReplication(
      {
        url: config.databaseUrl,
        slot,
        fromLsn: confirmedLsn,
        signal,
        confirmedLsn: () => confirmer.confirmedLsn,
        silences: pass.round.silences,
        onAsked: createShutdownWatch({ database, logger, fail }),
      },
      {
        onStart,
        // Frames are sent without waiting for answers: one that Redis refuses is no place to pass a canary by.
        onCanary: (content) => {
          publisher
            .settled()
            .then(() => signal.aborted || passCanaryOn({ ...pass, moved: () => publisher.moved() }, content), fail);
        },
        ...publishTransactions({
          publisher,
          confirmer,
          rangeThreshold,
          baseSnapshot: state.baseSnapshot,
          isFollowing,
          onSent,
          onUnreadable: pass.onUnreadable,
          fail,
        }),
      },
      (opened) => {
        stream = opened;
      },
    );
  } finally {
    pass.onActive(false);
    metrics.waitingSince = () => undefined;
    fail(new Error('replication ended'));
    await Promise.allSettled(tasks);
  }
}

/**
 * Takes the feed over, in Postgres and in Redis, from whoever fed it before and may not know that yet. The token of what this
 * pass writes; undefined when the pass has failed.
 */
async function takeOver(pass: Pass, state: StoredFeedState, publisher: PassPublisher): Promise<number | undefined> {
  const { config, database, feed, fail } = pass;
  const { epoch } = state;
  const token = await takeFeed(database, state);
  // Until the slot was free, another relay may have confirmed more than was read before.
  if (token === undefined) fail(new TakenOverError());
  if (token === undefined) return undefined;
  pass.onTaken({ epoch, token });
  const raised = feed.takeOver(epoch, token, [...publisher.positions().keys()]);
  if (await answerInTime(raised, config.redisTimeoutMs ?? REDIS_TIMEOUT_MS)) return token;
  // A relay came later, or Postgres has forgotten one that was here before.
  const now = await getFeedState(database.drizzle);
  const isLast = now?.epoch === epoch && now.token === token;
  fail(isLast ? new EpochOverError('log-set-back', 'Redis knows a later relay than Postgres') : new TakenOverError());
  return undefined;
}

function createKeeper(
  { feed, config, logger, metrics }: Pass,
  epoch: string,
  of: Pick<BufferKeeperOptions, 'positions' | 'handledLsn'>,
): BufferKeeper {
  return new BufferKeeper({
    ...of,
    buffer: feed.buffer,
    epoch,
    ageMs: config.streamAgeMs,
    totalBytes: config.streamTotalBytes,
    onDropped: (by, frames) => {
      metrics.bufferDropped.add(frames, { by });
      if (by !== 'age') logger.event('buffer-shortened', { reason: by, count: frames });
    },
  });
}

async function createPublisher(
  { database, feed, logger, metrics, tracing, fail }: Pass,
  state: FeedState,
  keeper: BufferKeeper,
) {
  return new PassPublisher({
    feed,
    epoch: state.epoch,
    positions: await getFeedPositions(database.drizzle),
    baseSnapshot: state.baseSnapshot,
    journeys: new FrameJourneys({ tracing, onHop: (...hop) => metrics.onHop(...hop) }),
    onError: fail,
    onSent: (characters) => keeper.appended(characters),
    now: () => performance.now(),
    onAnswer: (answer, frame) => {
      metrics.frames.add(1, { answer });
      if (answer === 'squeezed') keeper.relieve().catch(fail);
      if (answer === 'fenced') fail(new TakenOverError());
      if (answer === 'diverged')
        fail(new EpochOverError('log-set-back', 'Redis holds frames that the log does not have'));
      if (answer === 'gap') fail(new EntriesLostError('Redis lacks the frame before this one'));
      if (answer === 'restarted') logger.event('stream-begun-anew', { workspace: frame.workspace, frame: frame.id });
    },
  });
}
