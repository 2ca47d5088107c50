import type { ReportUnreadable } from '@meldesync/protocol';
import { countLines } from './line-metric.ts';
import type { Logger } from './logger.ts';
import { measurePool, type PoolMeasure } from './metrics/measure-pool.ts';
import { type ProcessMeter, type ProcessMeterOptions, startProcessMeter } from './metrics/process-meter.ts';
import type { Measurer } from './metrics-catalogue.ts';
import type { Tracing } from './tracing/tracing.ts';
import { createUnreadableReport } from './unreadable.ts';

export interface MeasuringOptions<By extends Measurer> extends ProcessMeterOptions<By> {
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** What every process of the cluster measures with. */
export interface Measuring<By extends Measurer> {
  /** Its owner disposes of it. */
  readonly meter: ProcessMeter<By>;
  readonly onUnreadable: ReportUnreadable;
  /** Of the one pool that the process works with. */
  readonly pool: PoolMeasure;
}

/** Starts what every process measures: its log lines, its traces, what it cannot read, its pool, and what is its own by the meter. */
export async function startMeasuring<By extends Measurer>(options: MeasuringOptions<By>): Promise<Measuring<By>> {
  const { logger, tracing } = options;
  const meter = await startProcessMeter(options);
  tracing.measuredBy(meter.provider);
  countLines(meter, logger);
  return { meter, onUnreadable: createUnreadableReport({ logger, meter }), pool: measurePool(meter) };
}
