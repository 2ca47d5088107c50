import type { Operations, OperationsProcess } from '@meldesync/protocol';
import type { HistoryPoint, ProcessStatus } from './process-status.ts';
import type { RecentActivity } from './recent-activity.ts';

/** What is said of the feed where nothing is known of it. */
export const UNKNOWN_FEED: Operations['feed'] = {
  lagBytes: null,
  delaySeconds: null,
  bufferFrames: null,
  bufferBytes: null,
  canaryAgeMs: null,
};

/** What admins see of a status that was told at a moment, in epoch milliseconds. */
export function asProcess(status: ProcessStatus, seenAt: number): OperationsProcess {
  const {
    format: _format,
    memoryLimitBytes: _limit,
    canaryAgeMs: _age,
    feed: _feed,
    recent: _recent,
    ...shown
  } = status;
  return { ...shown, seenAt: new Date(seenAt).toISOString() };
}

/** How the feed is: as the active relay says, and how fresh what nodes hear is, by the one that hears best. */
export function feedOf(statuses: readonly ProcessStatus[]): Operations['feed'] {
  const feed = statuses.find((status) => status.feed !== undefined)?.feed;
  const ages = statuses.flatMap(({ kind, canaryAgeMs }) =>
    kind === 'node' && canaryAgeMs !== null ? canaryAgeMs : [],
  );
  return { ...UNKNOWN_FEED, ...feed, canaryAgeMs: ages.length === 0 ? null : Math.min(...ages) };
}

/** A point of the history of this process, from what it has done since the point before. */
export function takePoint(
  recent: RecentActivity,
  { connections = [], feed }: Pick<ProcessStatus, 'connections' | 'feed'>,
  now: number,
): HistoryPoint {
  return {
    ...recent.takePoint(now),
    connections: connections.reduce((sum, { count }) => sum + count, 0),
    feedLagBytes: feed?.lagBytes ?? null,
  };
}
