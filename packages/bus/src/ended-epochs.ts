import { pastForeignKey } from '@meldesync/lifecycle';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import type { FeedKeys } from './keys.ts';

/** No token of a relay is as high. */
const NO_RELAY = String(Number.MAX_SAFE_INTEGER);
/** Longer than a relay that stood still has a connection to come back over. */
const FENCED_SECONDS = 86_400;

/**
 * Deletes what Redis holds of any epoch but this one: nobody can continue its cursors. For a day no relay may write to it: one that was replaced
 * while it stood still would begin its streams anew, and tell nodes of them. The set of epochs is kept in Redis, so
 * that a relay that died before it could clean up leaves it to the next one.
 */
export async function dropOtherEpochs(
  redis: Redis,
  keys: FeedKeys,
  epoch: string,
  workspaces: readonly string[],
  onUnreadable: ReportUnreadable,
): Promise<void> {
  // First, because appends of this epoch follow at once: the set must name every epoch that has keys.
  await pastForeignKey(() => redis.addAnyway(keys.epochs, epoch), {
    remove: () => redis.del(keys.epochs),
    onForeign: () => onUnreadable({ place: 'redis-key', reason: 'epochs of another type' }),
  });
  const ended = (await redis.smembers(keys.epochs)).filter((one) => one !== epoch);
  for (const one of ended) {
    for (const workspace of workspaces) {
      const held = [keys.stream(one, workspace), keys.moments(one, workspace)] as const;
      // First, to make room; again, since until then somebody may have written.
      await Promise.all([
        redis.unlink(...held),
        redis.setAnyway(keys.fence(one, workspace), NO_RELAY, FENCED_SECONDS),
        redis.unlink(...held),
      ]);
    }
    await redis.unlink(keys.marker(one), keys.feedMoments(one));
    // Last, when nothing of the epoch is left: until then the next relay finds it in the set.
    await redis.srem(keys.epochs, one);
  }
}
