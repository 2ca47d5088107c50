import { Counter, createRegistry, Gauge, Histogram, type Registry } from '@meldesync/telemetry';
import type { CanaryRound } from './canary.ts';
import type { FrameJourneysOptions } from './frame-journey.ts';

/** What a relay measures (R5.4). */
export interface RelayMetrics {
  readonly registry: Registry;
  readonly frames: Counter<'answer'>;
  readonly changes: Counter;
  readonly passes: Counter<'reason'>;
  readonly epochs: Counter<'reason'>;
  readonly active: Gauge;
  readonly slotWaitSeconds: Gauge;
  readonly appendSeconds: Histogram;
  readonly bufferFrames: Gauge;
  readonly bufferBytes: Gauge;
  readonly onHop: FrameJourneysOptions['onHop'];
}

export function createRelayMetrics(process: string): RelayMetrics {
  const registry = createRegistry(process);
  const registers = [registry];
  return {
    registry,
    onHop: () => undefined,
    frames: new Counter({
      name: 'meldesync_relay_frames_total',
      help: 'Frames sent to Redis, by its answer',
      labelNames: ['answer'],
      registers,
    }),
    changes: new Counter({ name: 'meldesync_relay_changes_total', help: 'Changes sent to Redis', registers }),
    passes: new Counter({
      name: 'meldesync_relay_passes_total',
      help: 'Passes over the WAL, by what made them necessary',
      labelNames: ['reason'],
      registers,
    }),
    epochs: new Counter({
      name: 'meldesync_relay_epochs_total',
      help: 'Epochs begun, by why the one before could not go on: every client takes a snapshot',
      labelNames: ['reason'],
      registers,
    }),
    slotWaitSeconds: new Gauge({
      name: 'meldesync_relay_slot_wait_seconds',
      help: 'For how long a new slot has waited for open transactions; 0 when none does',
      registers,
    }),
    active: new Gauge({ name: 'meldesync_relay_active', help: '1 while this relay holds the slot', registers }),
    bufferFrames: new Gauge({ name: 'meldesync_buffer_frames', help: 'Frames that Redis keeps', registers }),
    bufferBytes: new Gauge({
      name: 'meldesync_buffer_bytes',
      help: 'Memory of the kept frames in Redis, by its own estimate',
      registers,
    }),
    appendSeconds: new Histogram({
      name: 'meldesync_relay_append_seconds',
      help: 'From sending a frame to the answer of Redis',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
  };
}

/** Measures how old what the relay passes on is, when asked. */
export function measureCanary({ registry }: RelayMetrics, round: CanaryRound): void {
  const age = new Gauge({
    name: 'meldesync_canary_age_seconds',
    help: 'Since the freshest canary that came through Postgres and its log, and that Redis took, was written',
    registers: [],
    collect() {
      this.set(round.ageMs(performance.now()) / 1_000);
    },
  });
  registry.registerMetric(age);
}
