import type { Counter, Gauge, Histogram, ProcessMeter } from '@meldesync/telemetry';

/** What a worker measures (R5.4). */
export interface WorkerMetrics {
  readonly imports: ImportMetrics;
  readonly sweep: SweepMetrics;
  readonly seal: SealMetrics;
  readonly retention: RetentionMetrics;
}

/** Of imports. */
export interface ImportMetrics {
  readonly rows: Counter<'meldesync.import.rows'>;
  readonly batchDuration: Histogram<'meldesync.import.batch.duration'>;
  readonly ended: Counter<'meldesync.imports'>;
}

/** Of the look for records that were written past the triggers. */
export interface SweepMetrics {
  readonly repaired: Counter<'meldesync.untold.records'>;
  readonly unrepaired: Gauge<'meldesync.untold.records.left'>;
  readonly active: Gauge<'meldesync.sweep.active'>;
  readonly round: Gauge<'meldesync.sweep.round'>;
  readonly queryTime: Counter<'meldesync.sweep.query.time'>;
}

/** Of sealing the trail. */
export interface SealMetrics {
  readonly entries: Counter<'meldesync.seal.entries'>;
  readonly lag: Gauge<'meldesync.seal.lag'>;
  readonly held: Gauge<'meldesync.seal.held'>;
  readonly unsigned: Gauge<'meldesync.seal.unsigned'>;
  readonly rounds: Counter<'meldesync.seal.rounds'>;
  readonly active: Gauge<'meldesync.seal.active'>;
  readonly queryTime: Counter<'meldesync.seal.query.time'>;
  readonly checkpoints: Counter<'meldesync.checkpoints'>;
}

/** Of what goes after its time, or is erased. */
export interface RetentionMetrics {
  readonly active: Gauge<'meldesync.retention.active'>;
  readonly failed: Gauge<'meldesync.retention.failed'>;
  readonly held: Gauge<'meldesync.retention.held'>;
  readonly openErasure: Gauge<'meldesync.erasure.open'>;
}

export function createWorkerMetrics(meter: ProcessMeter<'worker'>): WorkerMetrics {
  return {
    imports: {
      rows: meter.counter('meldesync.import.rows'),
      batchDuration: meter.histogram('meldesync.import.batch.duration'),
      ended: meter.counter('meldesync.imports'),
    },
    sweep: {
      repaired: meter.counter('meldesync.untold.records'),
      unrepaired: meter.gauge('meldesync.untold.records.left'),
      active: meter.gauge('meldesync.sweep.active'),
      round: meter.gauge('meldesync.sweep.round'),
      queryTime: meter.counter('meldesync.sweep.query.time'),
    },
    seal: {
      entries: meter.counter('meldesync.seal.entries'),
      lag: meter.gauge('meldesync.seal.lag'),
      held: meter.gauge('meldesync.seal.held'),
      unsigned: meter.gauge('meldesync.seal.unsigned'),
      rounds: meter.counter('meldesync.seal.rounds'),
      active: meter.gauge('meldesync.seal.active'),
      queryTime: meter.counter('meldesync.seal.query.time'),
      checkpoints: meter.counter('meldesync.checkpoints'),
    },
    retention: {
      active: meter.gauge('meldesync.retention.active'),
      failed: meter.gauge('meldesync.retention.failed'),
      held: meter.gauge('meldesync.retention.held'),
      openErasure: meter.gauge('meldesync.erasure.open'),
    },
  };
}
