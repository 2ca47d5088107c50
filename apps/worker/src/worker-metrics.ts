import { Counter, createRegistry, Gauge, type Registry } from '@meldesync/telemetry';

/** What a worker measures (R5.4). */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly sweep: SweepMetrics;
}

/** Of the look for records that were written past the triggers. */
export interface SweepMetrics {
  readonly repaired: Counter<'op'>;
  readonly unrepaired: Gauge;
  readonly active: Gauge;
  readonly roundSeconds: Gauge;
  readonly querySeconds: Counter;
}

export function createWorkerMetrics(process: string): WorkerMetrics {
  const registry = createRegistry(process);
  const registers = [registry];
  return {
    registry,
    sweep: {
      repaired: new Counter({
        name: 'meldesync_untold_records_total',
        help: 'Records that were written past the triggers, by the change that tells of them now',
        labelNames: ['op'],
        registers,
      }),
      unrepaired: new Gauge({
        name: 'meldesync_untold_records_left',
        help: 'Records of the latest round of which nothing could be told, because they are locked or Postgres refuses it',
        registers,
      }),
      active: new Gauge({
        name: 'meldesync_sweep_active',
        help: '1 while this worker is the one that looks',
        registers,
      }),
      roundSeconds: new Gauge({
        name: 'meldesync_sweep_round_seconds',
        help: 'How long the latest round through all records took, with its pauses',
        registers,
      }),
      querySeconds: new Counter({
        name: 'meldesync_sweep_query_seconds_total',
        help: 'Time that Postgres took for it',
        registers,
      }),
    },
  };
}
