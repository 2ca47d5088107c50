import type { FramePosition } from '@meldesync/protocol';
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
   * than `maxAgeMs`. Positions are no times, so the moments are kept beside the stream.
   */
  age(epoch: string, positions: ReadonlyMap<string, FramePosition>, now: number, maxAgeMs: number): Promise<void>;
  size(epoch: string, workspaces: Iterable<string>): Promise<BufferSize>;
}

export function createStreamBuffer(redis: Redis, keys: FeedKeys): StreamBuffer {
  return {
    age: async (epoch, positions, now, maxAgeMs) => {
      for (const [workspace, position] of positions) {
        const moments = keys.moments(epoch, workspace);
        await redis.zadd(moments, now, position);
        const [newestOld] = await redis.zrange(moments, now - maxAgeMs, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1);
        if (newestOld === undefined) continue;
        await redis
          .multi()
          .xtrim(keys.stream(epoch, workspace), 'MINID', '~', newestOld)
          .zremrangebyscore(moments, '-inf', `(${now - maxAgeMs}`)
          .zadd(moments, now - maxAgeMs, newestOld)
          .exec();
      }
    },
    size: async (epoch, workspaces) => {
      let frames = 0;
      let bytes = 0;
      for (const workspace of workspaces) {
        const stream = keys.stream(epoch, workspace);
        frames += await redis.xlen(stream);
        bytes += (await redis.memory('USAGE', stream)) ?? 0;
      }
      return { frames, bytes };
    },
  };
}
