import type { FeedPublisher, RelayFeed } from '@meldesync/bus';
import { answerInTime } from './answer-in-time.ts';
import type { BufferKeeper } from './buffer-keeper.ts';
import type { FeedGauge } from './feed-gauge.ts';
import { EntriesLostError, TakenOverError } from './pass-errors.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { repeat } from './repeat.ts';

const MARKER_INTERVAL_MS = 1_000;
/** How often the buffer is looked at: in the time between no more may come than Redis has spare. */
const BUFFER_INTERVAL_MS = 2_000;
/** How often what it holds is measured, of the streams that have moved. */
const MEASURE_INTERVAL_MS = 60_000;

/**
 * Rejects when Redis lost entries or another relay has taken over, and when Redis does not answer: then another relay may
 * reach it.
 */
export async function watchMarker(
  signal: AbortSignal,
  feed: FeedPublisher,
  epoch: string,
  redisTimeoutMs: number,
): Promise<void> {
  await answerInTime(feed.beginMarker(epoch), redisTimeoutMs);
  await repeat(MARKER_INTERVAL_MS, signal, async () => {
    const held = await answerInTime(feed.checkMarker(epoch), redisTimeoutMs);
    if (held === 'fenced') throw new TakenOverError();
    if (held === 'lost') throw new EntriesLostError('Redis lost the marker');
  });
}

export interface BufferContext {
  readonly feed: Pick<RelayFeed, 'dropOtherEpochs'>;
  readonly keeper: BufferKeeper;
  readonly metrics: Pick<RelayMetrics, 'bufferFrames' | 'bufferSize'>;
  readonly gauge: Pick<FeedGauge, 'buffered'>;
  readonly signal: AbortSignal;
}

/** Drops what earlier epochs left, then frames that are too old or too many, and measures what is kept (R4.4). */
export async function tendBuffer(
  { feed, keeper, metrics, gauge, signal }: BufferContext,
  epoch: string,
  workspaces: readonly string[],
): Promise<void> {
  await feed.dropOtherEpochs(epoch, workspaces);
  await keeper.begin();
  let measuredAt = Number.NEGATIVE_INFINITY;
  const tend = async (): Promise<void> => {
    await keeper.tend(Date.now());
    await keeper.relieve();
    if (performance.now() - measuredAt < MEASURE_INTERVAL_MS) return;
    measuredAt = performance.now();
    await keeper.measure();
    const { frames, bytes } = keeper.size;
    gauge.buffered({ frames, bytes });
    metrics.bufferFrames.record(frames);
    metrics.bufferSize.record(bytes);
  };
  await tend();
  await repeat(BUFFER_INTERVAL_MS, signal, tend);
}
