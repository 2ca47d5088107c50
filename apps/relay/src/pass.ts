import type { RelayFeed } from '@meldesync/bus';
import { type Database, type FeedState, getFeedPositions, getFeedState } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { answerInTime } from './answer-in-time.ts';
import { type CanaryRound, emitCanaries, passCanaryOn } from './canary.ts';
import type { RelayConfig } from './config.ts';
import { Confirmer, TakenOverError } from './confirmer.ts';
import { ensureEpoch } from './epoch.ts';
import { PassPublisher } from './publisher.ts';
import { EntriesLostError, tendBuffer, watchMarker } from './redis-watch.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { repeat } from './repeat.ts';
import { followReplication, type ReplicationStream } from './replication/replication-stream.ts';
import { createShutdownWatch } from './shutdown-watch.ts';
import { publishTransactions } from './transactions.ts';

export interface PassContext {
  readonly config: RelayConfig;
  readonly database: Database;
  /** A new connection to Redis. Each pass has its own: what one could not deliver must not arrive during the next. */
  readonly openFeed: () => RelayFeed;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
  /** How fresh what this relay passes on is. */
  readonly round: CanaryRound;
  /** Ends the relay. */
  readonly signal: AbortSignal;
  readonly onActive: (active: boolean) => void;
}

/** How long Redis may leave a question unanswered, unless the configuration says otherwise. */
const REDIS_TIMEOUT_MS = 5_000;

/** What one pass has beside what all of them share. */
interface Pass extends PassContext {
  readonly feed: RelayFeed;
  /** Ends the pass. */
  readonly signal: AbortSignal;
  readonly fail: (error: Error) => void;
}

/**
 * One pass: reads the WAL from the confirmed position into Redis, until the signal ends it. Resolves with `entries-lost` when
 * Redis must be filled again, and with `takeover` when another relay has confirmed more meanwhile; another pass is then
 * needed. Rejects when a connection breaks, Redis does not answer in time or another relay holds the slot.
 */
export async function runPass(context: PassContext): Promise<'ended' | 'entries-lost' | 'takeover'> {
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const feed = context.openFeed();
  // When the pass ends, commands that Redis has not answered fail: otherwise their callers would wait for ever.
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
  const { slot, holdBackMs, rangeThreshold, streamAgeMs, redisTimeoutMs = REDIS_TIMEOUT_MS } = config;
  const state = await ensureEpoch({ database, slot, logger });
  const { epoch, confirmedLsn } = state;
  // A relay that does not reach Redis leaves the slot to one that does.
  await answerInTime(feed.ping(), redisTimeoutMs);
  const publisher = await createPublisher(pass, state);
  const confirmer = new Confirmer({ database, publisher, epoch, confirmedLsn, holdBackMs, signal });

  let stream: ReplicationStream | undefined;
  let tasks: Promise<void>[] = [];
  const startTasks = () => {
    const confirmEveryMs = Math.min(10_000, Math.max(250, holdBackMs / 10));
    tasks = [
      repeat(confirmEveryMs, signal, () => confirmer.confirmDue(stream)),
      watchMarker(signal, feed, epoch, redisTimeoutMs),
      tendBuffer({ feed, metrics, streamAgeMs, signal }, epoch, publisher),
      emitCanaries(pass),
    ];
    for (const task of tasks) task.catch(fail);
  };
  const onStart = async () => {
    // Until the slot was free, another relay may have confirmed more than was read above.
    const now = await getFeedState(database.drizzle);
    if (now?.epoch !== epoch || now.confirmedLsn !== confirmedLsn) return fail(new TakenOverError());
    if (signal.aborted) return;
    // Not before: a standby that wrote the marker would make the active relay believe that Redis lost entries.
    startTasks();
    pass.onActive(true);
    logger.info({ epoch, from: confirmedLsn }, 'feed is active');
  };
  const onSent = ({ changeCount }: { readonly changeCount: number }) => metrics.changes.inc(changeCount);
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
        onCanary: (content) => passCanaryOn(pass, content),
        ...publishTransactions({ publisher, confirmer, rangeThreshold, onSent }),
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

async function createPublisher({ database, feed, logger, metrics, fail }: Pass, state: FeedState) {
  return new PassPublisher({
    feed,
    epoch: state.epoch,
    positions: await getFeedPositions(database.drizzle),
    baseSnapshot: state.baseSnapshot,
    onError: fail,
    onAnswer: (answer, frame, seconds) => {
      metrics.frames.inc({ answer });
      metrics.appendSeconds.observe(seconds);
      if (answer === 'gap') fail(new EntriesLostError('Redis lacks the frame before this one'));
      if (answer === 'restarted') logger.info({ workspace: frame.workspace, frame: frame.id }, 'stream begins anew');
    },
  });
}
