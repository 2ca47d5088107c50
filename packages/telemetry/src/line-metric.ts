import type { Logger } from './logger.ts';
import type { Instruments } from './metrics/instruments.ts';
import type { Measurer } from './metrics-catalogue.ts';

/** Counts the lines of a log from warnings on, those too that are counted instead of written. */
export function countLines(meter: Pick<Instruments<Measurer>, 'counter'>, logger: Pick<Logger, 'onLine'>): void {
  const lines = meter.counter('meldesync.log.lines');
  logger.onLine((level) => {
    if (level === 'warn' || level === 'error' || level === 'fatal') lines.add(1, { level });
  });
}
