import type { Counter, Gauge, ProcessMeter } from '@meldesync/telemetry';
import type { CanaryRound } from './canary.ts';
import type { FrameJourneysOptions } from './frame-journey.ts';

/** What a relay measures (R5.4). */
export interface RelayMetrics {
  readonly meter: ProcessMeter<'relay'>;
  /** Hears how long a part of the way of a frame took. */
  readonly onHop: FrameJourneysOptions['onHop'];
  readonly frames: Counter<'meldesync.relay.frames'>;
  readonly changes: Counter<'meldesync.relay.changes'>;
  readonly passes: Counter<'meldesync.relay.passes'>;
  readonly epochs: Counter<'meldesync.relay.epochs'>;
  readonly active: Gauge<'meldesync.relay.active'>;
  readonly slotWait: Gauge<'meldesync.relay.slot.wait'>;
  readonly feedLag: Gauge<'meldesync.feed.lag'>;
  readonly bufferFrames: Gauge<'meldesync.buffer.frames'>;
  readonly bufferSize: Gauge<'meldesync.buffer.size'>;
  readonly bufferDropped: Counter<'meldesync.buffer.dropped'>;
  /** Says when the oldest commit was made that Redis has not taken, by Postgres' clock; replaced by each pass. */
  waitingSince: () => number | undefined;
}

/** `round` knows how old what comes out of the log is. */
export function createRelayMetrics(meter: ProcessMeter<'relay'>, round: CanaryRound): RelayMetrics {
  const hopDuration = meter.histogram('meldesync.hop.duration');
  const metrics: RelayMetrics = {
    meter,
    onHop: (hop, seconds) => hopDuration.record(seconds, { hop }),
    frames: meter.counter('meldesync.relay.frames'),
    changes: meter.counter('meldesync.relay.changes'),
    passes: meter.counter('meldesync.relay.passes'),
    epochs: meter.counter('meldesync.relay.epochs'),
    active: meter.gauge('meldesync.relay.active'),
    slotWait: meter.gauge('meldesync.relay.slot.wait'),
    feedLag: meter.gauge('meldesync.feed.lag'),
    bufferFrames: meter.gauge('meldesync.buffer.frames'),
    bufferSize: meter.gauge('meldesync.buffer.size'),
    bufferDropped: meter.counter('meldesync.buffer.dropped'),
    waitingSince: () => undefined,
  };
  meter.observe('meldesync.canary.age', (observe) => observe(round.ageMs(performance.now()) / 1_000));
  meter.observe('meldesync.feed.delay', (observe) => {
    const since = metrics.waitingSince();
    observe(since === undefined ? 0 : (round.transitMs(String(since), performance.now()) ?? 0) / 1_000);
  });
  return metrics;
}
