import { isForeignKey, pastForeignKey } from '@meldesync/lifecycle';
import { type FramePosition, framePosition, ORIGIN, type ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import type { FeedKeys } from './keys.ts';

/** What the buffer of changes holds over all workspaces, and what it costs in Redis (R4.4). */
interface BufferSize {
  readonly frames: number;
  readonly bytes: number;
}

export interface StreamBuffer {
  /**
   * Notes where the workspaces' feeds stand at a moment, and drops what came before the last such moment that is older
   * than `maxAgeMs`; the frame a feed stands at is kept, for the next one to join on. Positions are no times, so the
   * moments are kept beside the stream. Feeds that have not moved are to be named too: they grow old all the same.
   */
  age(epoch: string, positions: ReadonlyMap<string, FramePosition>, now: number, maxAgeMs: number): Promise<void>;
  size(epoch: string, workspaces: Iterable<string>): Promise<BufferSize>;
}

export function createStreamBuffer(redis: Redis, keys: FeedKeys, onUnreadable: ReportUnreadable): StreamBuffer {
  const ageOne = async (epoch: string, workspace: string, position: FramePosition, now: number, oldest: number) => {
    const moments = keys.moments(epoch, workspace);
    // Where it stands still, it stands since the first such moment.
    await redis.zadd(moments, 'NX', now, position);
    const [newestOld] = await redis.zrange(moments, oldest, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1);
    if (newestOld === undefined) return;
    if (!framePosition.safeParse(newestOld).success) {
      onUnreadable({ place: 'redis-key', workspace, reason: 'a moment of no position' });
      await redis.zrem(moments, newestOld);
      return;
    }
    await redis
      .multi()
      // To the entry: a small stream never fills one of Redis' nodes, which an approximate trim goes by.
      .xtrim(keys.stream(epoch, workspace), 'MINID', '=', newestOld)
      .zremrangebyscore(moments, '-inf', `(${oldest}`)
      .zadd(moments, oldest, newestOld)
      .exec();
  };
  return {
    age: async (epoch, positions, now, maxAgeMs) => {
      for (const [workspace, position] of positions) {
        if (position === ORIGIN) continue;
        await pastForeignKey(() => ageOne(epoch, workspace, position, now, now - maxAgeMs), {
          remove: () => redis.del(keys.moments(epoch, workspace)),
          onForeign: () => onUnreadable({ place: 'redis-key', workspace, reason: 'moments of another type' }),
        });
      }
    },
    size: async (epoch, workspaces) => {
      let frames = 0;
      let bytes = 0;
      for (const workspace of workspaces) {
        const stream = keys.stream(epoch, workspace);
        try {
          frames += await redis.xlen(stream);
        } catch (error) {
          // The look at each stream deletes it, and has it filled again.
          if (!isForeignKey(error)) throw error;
        }
        bytes += (await redis.memory('USAGE', stream)) ?? 0;
      }
      return { frames, bytes };
    },
  };
}
