import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedPublisher, RelayFeed } from '@meldesync/bus';
import {
  aloneWithFeed,
  beginEpoch,
  confirmFeed,
  createSlot,
  type Database,
  endEpoch,
  type FeedState,
  getFeedPositions,
  getFeedState,
  slotIsUsable,
} from '@meldesync/db';
import type { FramePosition } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { answerInTime } from './answer-in-time.ts';
import { Checkpoints } from './checkpoints.ts';
import type { RelayConfig } from './config.ts';
import { type BuiltFrame, FrameBuilder } from './frame-builder.ts';
import { PassPublisher } from './publisher.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { followReplication, type ReplicationStream } from './replication/replication-stream.ts';

export interface PassContext {
  readonly config: RelayConfig;
  readonly database: Database;
  /** A new connection to Redis. Each pass has its own: what one could not deliver is never delivered behind the next. */
  readonly openFeed: () => RelayFeed;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  /** Ends the relay. */
  readonly signal: AbortSignal;
  readonly onActive: (active: boolean) => void;
}

/** Redis lost entries: the WAL must be read again from the confirmed position. */
class EntriesLostError extends Error {}
/** Another relay confirmed a position after this pass had read where to start, or began another epoch. */
class TakenOverError extends Error {}

const MARKER_INTERVAL_MS = 1_000;
/** How long Redis may leave a question unanswered, unless the configuration says otherwise. */
const REDIS_TIMEOUT_MS = 10_000;
/** How often the buffer is looked at: a frame may live that much longer than it should. */
const BUFFER_INTERVAL_MS = 60_000;

/** What one pass has beside what all of them share. */
interface Pass extends PassContext {
  readonly feed: RelayFeed;
  /** Ends the pass. */
  readonly signal: AbortSignal;
  readonly fail: (error: Error) => void;
}

/**
 * One pass over the WAL from the confirmed position, until the signal ends it. Resolves with `entries-lost` when Redis
 * must be filled again and with `takeover` when another relay moved on meanwhile: the next pass sees to both. Rejects
 * when a connection breaks, Redis does not answer in time or another relay holds the slot.
 */
export async function runPass(context: PassContext): Promise<'ended' | 'entries-lost' | 'takeover'> {
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const feed = context.openFeed();
  // Whatever ends the pass fails what still waits for Redis, so that nobody waits for an answer that never comes.
  signal.addEventListener('abort', () => feed[Symbol.dispose](), { once: true });
  try {
    await followFeed({ ...context, feed, signal, fail: (error) => ending.abort(error) });
  } finally {
    ending.abort();
  }
  if (context.signal.aborted) return 'ended';
  if (signal.reason instanceof EntriesLostError) return 'entries-lost';
  if (signal.reason instanceof TakenOverError) return 'takeover';
  throw signal.reason as Error;
}

/** Reads the WAL into Redis until the pass ends. */
async function followFeed(pass: Pass): Promise<void> {
  const { config, database, feed, logger, metrics, signal, fail } = pass;
  const redisTimeoutMs = config.redisTimeoutMs ?? REDIS_TIMEOUT_MS;
  const state = await ensureEpoch(pass);
  // A relay that does not reach Redis leaves the slot to one that does.
  await answerInTime(feed.ping(), redisTimeoutMs);
  const positions = await getFeedPositions(database.drizzle);
  const checkpoints = new Checkpoints();
  let behindLsn = state.confirmedLsn;
  let confirmedLsn = state.confirmedLsn;

  const publisher = new PassPublisher({
    feed,
    epoch: state.epoch,
    positions,
    baseSnapshot: state.baseSnapshot,
    onError: fail,
    onAnswer: (answer, frame, seconds) => {
      metrics.frames.inc({ answer });
      metrics.appendSeconds.observe(seconds);
      if (answer === 'gap') fail(new EntriesLostError('Redis lacks the frame before this one'));
      if (answer === 'restarted') logger.info({ workspace: frame.workspace, frame: frame.id }, 'stream begins anew');
    },
  });
  /** Where the workspaces stand in the transaction under way. */
  const uncommitted = new Map<string, FramePosition>();
  const send = (frame: BuiltFrame) => {
    if (!publisher.publish(frame)) return;
    metrics.changes.inc(frame.changeCount);
    uncommitted.set(frame.workspace, frame.id);
  };

  let builder: FrameBuilder | undefined;
  let stream: ReplicationStream | undefined;
  const confirmDue = async () => {
    // Taken first: what comes behind it while this waits belongs to the next one.
    const now = Date.now();
    checkpoints.take(behindLsn, now);
    await publisher.settled();
    const due = checkpoints.release(now, config.holdBackMs);
    if (!due || signal.aborted) return;
    const isOurs = await confirmFeed(database, state.epoch, due.lsn, due.positions);
    if (!isOurs) throw new TakenOverError();
    confirmedLsn = due.lsn;
    await stream?.confirm(due.lsn);
  };
  let tasks: Promise<void>[] = [];
  const startTasks = () => {
    tasks = [
      keepConfirming(signal, config.holdBackMs, confirmDue),
      watchMarker(signal, feed, state.epoch, redisTimeoutMs),
      tendBuffer(pass, state.epoch, publisher),
    ];
    for (const task of tasks) task.catch(fail);
  };
  try {
    await followReplication(
      { url: config.databaseUrl, slot: config.slot, fromLsn: confirmedLsn, signal, confirmedLsn: () => confirmedLsn },
      {
        onStart: async () => {
          // Until the slot was free, another relay may have confirmed more than was read above.
          const now = await getFeedState(database.drizzle);
          if (now?.epoch !== state.epoch || now.confirmedLsn !== state.confirmedLsn) return fail(new TakenOverError());
          if (signal.aborted) return;
          // Not before: a standby that wrote the marker would make the active relay believe that Redis lost entries.
          startTasks();
          pass.onActive(true);
          logger.info({ epoch: state.epoch, from: confirmedLsn }, 'feed is active');
        },
        onChange: (commitLsn, row) => {
          builder ??= new FrameBuilder(commitLsn, config.rangeThreshold);
          const full = builder.add(row);
          if (!full) return undefined;
          send(full);
          // Within the transaction too: it may be larger than what memory holds.
          return publisher.throttle();
        },
        onCommit: (_commitLsn, endLsn) => {
          for (const frame of builder?.finish() ?? []) send(frame);
          builder = undefined;
          // Only now, so that a checkpoint never holds a part of a transaction that begins behind its position.
          for (const [workspace, position] of uncommitted) {
            checkpoints.advance(workspace, { position, checksum: publisher.checksum(workspace) });
          }
          uncommitted.clear();
          behindLsn = endLsn;
          return publisher.throttle();
        },
        onIdle: (lsn) => {
          behindLsn = lsn;
        },
      },
      (opened) => {
        stream = opened;
      },
    );
  } finally {
    pass.onActive(false);
    fail(new Error('replication ended'));
    await Promise.allSettled(tasks);
  }
}

/** The feed's state; relays that start together do this one after the other. */
function ensureEpoch(context: PassContext): Promise<FeedState> {
  return aloneWithFeed(context.database, () => findOrBeginEpoch(context));
}

/**
 * The feed's state, begun anew where the slot is gone: what was committed without a slot is in no feed, so a new epoch
 * sends every client to a snapshot. The state is removed before the slot is made and written after it, so no cursor
 * of the new epoch can lie before the slot.
 */
async function findOrBeginEpoch({ config, database, logger }: PassContext): Promise<FeedState> {
  const usable = await slotIsUsable(database.drizzle, config.slot);
  const state = await getFeedState(database.drizzle);
  if (usable && state) return state;
  const confirmedLsn = usable ? '0' : await createSlotAnew();
  const fresh = await beginEpoch(database, { epoch: randomBytes(4).toString('hex'), confirmedLsn });
  if (state) logger.warn({ epoch: fresh.epoch, slot: config.slot }, 'the slot was lost; a new epoch begins');
  else logger.info({ epoch: fresh.epoch, slot: config.slot }, 'the first epoch begins');
  return fresh;

  async function createSlotAnew(): Promise<string> {
    await endEpoch(database);
    return createSlot(database.drizzle, config.slot);
  }
}

async function keepConfirming(signal: AbortSignal, holdBackMs: number, confirm: () => Promise<void>): Promise<void> {
  const intervalMs = Math.min(10_000, Math.max(250, holdBackMs / 10));
  while (await waited(intervalMs, signal)) await confirm();
}

/** Rejects when Redis lost entries, and when it does not answer: then another relay may reach it. */
async function watchMarker(
  signal: AbortSignal,
  feed: FeedPublisher,
  epoch: string,
  redisTimeoutMs: number,
): Promise<void> {
  await answerInTime(feed.beginMarker(epoch), redisTimeoutMs);
  while (await waited(MARKER_INTERVAL_MS, signal)) {
    const held = await answerInTime(feed.checkMarker(epoch), redisTimeoutMs);
    if (held === 'lost') throw new EntriesLostError('Redis lost the marker');
  }
}

/** Drops what earlier epochs left, then frames that are too old, and measures what is kept (R4.4). */
async function tendBuffer(
  { feed, metrics, config, signal }: Pass,
  epoch: string,
  publisher: PassPublisher,
): Promise<void> {
  await feed.dropOtherEpochs(epoch, [...publisher.positions().keys()]);
  do {
    const positions = publisher.positions();
    await feed.buffer.age(epoch, positions, Date.now(), config.streamAgeMs);
    const { frames, bytes } = await feed.buffer.size(epoch, positions.keys());
    metrics.bufferFrames.set(frames);
    metrics.bufferBytes.set(bytes);
  } while (await waited(BUFFER_INTERVAL_MS, signal));
}

/** False when the signal ended the wait. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
