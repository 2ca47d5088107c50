import type { ReportUnreadable, Unreadable } from '@meldesync/protocol';
import { Counter, type Registry } from 'prom-client';
import type { Logger } from './logger.ts';

export interface UnreadableReportOptions {
  readonly logger: Pick<Logger, 'event'>;
  readonly registry: Registry;
}

/** Makes who hears of what cannot be read: counted as `meldesync_unreadable_total`, and logged as the event `unreadable`. */
export function createUnreadableReport({ logger, registry }: UnreadableReportOptions): ReportUnreadable {
  const counter = new Counter({
    name: 'meldesync_unreadable_total',
    help: 'What was read from outside the process, could not be read and was left out, by place',
    labelNames: ['place'],
    registers: [registry],
  });
  return (found: Unreadable) => {
    const { place, workspace, record, reason } = found;
    counter.inc({ place });
    logger.event('unreadable', { place, workspace, record, reason });
  };
}
