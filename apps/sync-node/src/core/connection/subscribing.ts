import type { Subscribe, TierMs } from '@meldesync/protocol';
import { catchUp } from './catch-up.ts';
import type { ConnectionLink } from './connection-link.ts';
import { logBack } from './connection-log.ts';
import { beginCatchUp, goLive, isCatchingUp, leaveFeed, type Welcomed } from './connection-state.ts';

/** Brings a client from its cursor to the feed, in the pace of its tier; or tells it why it needs a snapshot. */
export async function subscribe(
  link: ConnectionLink,
  { workspace, feed: before }: Welcomed,
  { cursor }: Subscribe,
  followed: () => TierMs | null,
): Promise<void> {
  const { feeds, locks, presence, runtime, freshness, onSubscribed, onCaughtUp } = link.context;
  const isStale = () => freshness.state === 'stale';
  if (before === 'live') link.unfollow();
  link.change(beginCatchUp);
  const feed = await feeds.open(workspace);
  const reached = catchUp(feed, cursor, {
    send: (text) => link.push(text),
    isMerged: followed() !== 0,
    isStale,
    isWanted: () => isCatchingUp(link.state),
    sleep: (delayMs) => runtime.sleep(delayMs),
    lacked: onCaughtUp,
    goLive: (how) => {
      if (!isCatchingUp(link.state)) return;
      link.change(goLive);
      link.push(locks.current(workspace, link.id));
      link.push(presence.lastTold(workspace));
      link.follow(workspace, followed());
      logBack(link, link.state, how);
    },
  });
  // Without Redis the database alone can tell what was missed.
  const outcome = await reached.catch((error: unknown) => {
    if (isStale() && link.context.database.troubleOf(error) !== undefined) return 'unknown' as const;
    throw error;
  });
  if (outcome !== 'stopped') onSubscribed(outcome);
  if (outcome === 'live' || !isCatchingUp(link.state)) return;
  link.change(leaveFeed);
  if (outcome === 'stopped') return;
  if (link.returning) link.returning.isTakingSnapshot = true;
  link.send({ type: 'reset', reason: outcome });
}
