import type { ReportUnreadable, Unreadable } from '@meldesync/protocol';
import type { Logger } from 'pino';
import type { Instruments } from './metrics/instruments.ts';
import type { Measurer } from './metrics-catalogue.ts';

/** So often a place of a workspace is named in the log; what is found in between is counted in the next line. */
const LOG_EVERY_MS = 60_000;
/** So many places of workspaces are told apart; beyond that the oldest is named anew. */
const MOST_KNOWN = 1_000;

export interface UnreadableReportOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly meter: Pick<Instruments<Measurer>, 'counter'>;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * Makes who hears of what cannot be read: counted as `meldesync_unreadable_total`, and logged as the event `unreadable` at once,
 * then at most once a minute for each place of a workspace, however much somebody sends.
 */
export function createUnreadableReport({
  logger,
  meter,
  now = () => performance.now(),
}: UnreadableReportOptions): ReportUnreadable {
  const counter = meter.counter('meldesync.unreadable');
  const known = new Map<string, { loggedAt: number; since: number }>();
  return (found: Unreadable) => {
    const { place, workspace, record, reason } = found;
    counter.add(1, { place });
    const key = `${place} ${workspace ?? ''}`;
    const before = known.get(key);
    if (before && now() - before.loggedAt < LOG_EVERY_MS) {
      before.since += 1;
      return;
    }
    known.delete(key);
    known.set(key, { loggedAt: now(), since: 0 });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    logger.warn(
      { event: 'unreadable', place, workspace, record, reason, more: before?.since ?? 0 },
      'something could not be read and is left out',
    );
  };
}
