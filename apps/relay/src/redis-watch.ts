import type { FeedPublisher, RelayFeed } from '@meldesync/bus';
import { answerInTime } from './answer-in-time.ts';
import type { FeedGauge } from './feed-gauge.ts';
import { EntriesLostError, TakenOverError } from './pass-errors.ts';
import type { PassPublisher } from './publisher.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { repeat } from './repeat.ts';

const MARKER_INTERVAL_MS = 1_000;
/** How often the buffer is looked at: a frame may live that much longer than it should. */
const BUFFER_INTERVAL_MS = 60_000;

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
  readonly feed: RelayFeed;
  readonly metrics: RelayMetrics;
  readonly gauge: Pick<FeedGauge, 'buffered'>;
  readonly streamAgeMs: number;
  readonly signal: AbortSignal;
}

/** Drops what earlier epochs left, then frames that are too old, and measures what is kept (R4.4). */
export async function tendBuffer(
  { feed, metrics, gauge, streamAgeMs, signal }: BufferContext,
  epoch: string,
  publisher: PassPublisher,
): Promise<void> {
  const tend = async (): Promise<void> => {
    const positions = new Map(publisher.positions());
    await feed.buffer.age(epoch, positions, Date.now(), streamAgeMs);
    const { frames, bytes } = await feed.buffer.size(epoch, positions.keys());
    gauge.buffered({ frames, bytes });
    metrics.bufferFrames.record(frames);
    metrics.bufferSize.record(bytes);
  };
  await feed.dropOtherEpochs(epoch, [...publisher.positions().keys()]);
  await tend();
  await repeat(BUFFER_INTERVAL_MS, signal, tend);
}
