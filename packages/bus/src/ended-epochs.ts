import type { Redis } from 'ioredis';
import type { FeedKeys } from './keys.ts';

/**
 * Drops what Redis still holds of other epochs than this one: their cursors are good for nothing. Redis itself keeps which epochs have been fed, so that one whose end nobody lived to see is found by the next
 * relay.
 */
export async function dropOtherEpochs(
  redis: Redis,
  keys: FeedKeys,
  epoch: string,
  workspaces: readonly string[],
): Promise<void> {
  // First: the appends that follow at once must never be of an epoch that Redis does not know of.
  await redis.sadd(keys.epochs, epoch);
  const ended = (await redis.smembers(keys.epochs)).filter((one) => one !== epoch);
  for (const one of ended) {
    for (const workspace of workspaces) await redis.unlink(keys.stream(one, workspace), keys.moments(one, workspace));
    await redis.unlink(keys.marker(one));
    // Last: a relay that dies before it leaves the rest to the next.
    await redis.srem(keys.epochs, one);
  }
}
