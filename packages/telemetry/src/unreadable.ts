import type { ReportUnreadable, Unreadable } from '@meldesync/protocol';
import type { Logger } from './logger.ts';
import type { Instruments } from './metrics/instruments.ts';
import type { Measurer } from './metrics-catalogue.ts';

export interface UnreadableReportOptions {
  readonly logger: Pick<Logger, 'event'>;
  readonly meter: Pick<Instruments<Measurer>, 'counter'>;
}

/** Makes who hears of what cannot be read: counted as `meldesync_unreadable_total`, and logged as the event `unreadable`. */
export function createUnreadableReport({ logger, meter }: UnreadableReportOptions): ReportUnreadable {
  const counter = meter.counter('meldesync.unreadable');
  return (found: Unreadable) => {
    const { place, workspace, record, reason } = found;
    counter.add(1, { place });
    logger.event('unreadable', { place, workspace, record, reason });
  };
}
