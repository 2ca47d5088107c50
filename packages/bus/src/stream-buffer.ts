import { isForeignKey, pastForeignKey } from '@meldesync/lifecycle';
import { comparePositions, type FramePosition, framePosition, type ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import type { FeedKeys } from './keys.ts';

/** At a time, in epoch milliseconds, all frames of commits before this decimal LSN were in the streams. */
export interface FeedMoment {
  readonly lsn: string;
  readonly at: number;
}

/** What a stream holds, and what it costs in Redis (R4.4). */
export interface StreamSize {
  readonly frames: number;
  readonly bytes: number;
  /** Undefined where it holds nothing. */
  readonly first: FramePosition | undefined;
}

/** Bytes; `most` is 0 for no limit. */
interface RedisMemory {
  readonly used: number;
  readonly most: number;
}

export interface StreamBuffer {
  /** The moments that were noted, the oldest first; of those that a relay of the release before noted for these workspaces too. */
  moments(epoch: string, workspaces: readonly string[]): Promise<FeedMoment[]>;
  /** Notes a moment; false where Redis is full. */
  note(epoch: string, moment: FeedMoment): Promise<boolean>;
  /** Forgets the moments before one. */
  forget(epoch: string, before: FeedMoment): Promise<void>;
  /**
   * Drops a workspace's frames of commits before an LSN; how many. The frame that its feed stands at is kept, for the next one to join on.
   */
  dropBefore(epoch: string, workspace: string, lsn: string, position: FramePosition): Promise<number>;
  size(epoch: string, workspace: string): Promise<StreamSize>;
  memory(): Promise<RedisMemory>;
}

const NOTHING: StreamSize = { frames: 0, bytes: 0, first: undefined };
/** What is asked of Redis at the same time. */
const AT_ONCE = 100;

export function createStreamBuffer(redis: Redis, keys: FeedKeys, onUnreadable: ReportUnreadable): StreamBuffer {
  const onMoments = <T>(key: string, workspace: string | undefined, run: () => Promise<T>): Promise<T> =>
    pastForeignKey(run, {
      remove: () => redis.del(key),
      onForeign: () =>
        onUnreadable({ place: 'redis-key', ...(workspace && { workspace }), reason: 'moments of another type' }),
    });
  const readMoments = (key: string, workspace?: string): Promise<FeedMoment[]> =>
    onMoments(key, workspace, async () => {
      const { moments, others } = momentsOf((await redis.zrange(key, 0, '-1', 'WITHSCORES')).flat());
      if (others.length > 0) {
        onUnreadable({ place: 'redis-key', ...(workspace && { workspace }), reason: 'a moment of no position' });
        await redis.zrem(key, ...others);
      }
      return moments;
    });
  return {
    moments: async (epoch, workspaces) => {
      const found = await readMoments(keys.feedMoments(epoch));
      for (let from = 0; from < workspaces.length; from += AT_ONCE) {
        const some = workspaces.slice(from, from + AT_ONCE);
        const former = await Promise.all(some.map((one) => readMoments(keys.moments(epoch, one), one)));
        found.push(...former.flat());
        await redis.unlink(...some.map((one) => keys.moments(epoch, one)));
      }
      return inOrder(found);
    },
    note: async (epoch, { lsn, at }) => {
      const key = keys.feedMoments(epoch);
      try {
        await onMoments(key, undefined, () => redis.zadd(key, at, `${lsn}-0`));
        return true;
      } catch (error) {
        if (isFull(error)) return false;
        throw error;
      }
    },
    forget: async (epoch, { at }) => {
      await redis.zremrangebyscore(keys.feedMoments(epoch), '-inf', `(${at}`);
    },
    dropBefore: (epoch, workspace, lsn, position) => {
      const goal = `${lsn}-0`;
      const first = comparePositions(goal, position) < 0 ? goal : position;
      // To the entry: a small stream never fills one of Redis' nodes, which an approximate trim goes by.
      return onStream(() => redis.xtrim(keys.stream(epoch, workspace), 'MINID', '=', first), 0);
    },
    size: (epoch, workspace) =>
      onStream(async () => {
        const stream = keys.stream(epoch, workspace);
        const [frames, [first], bytes] = await Promise.all([
          redis.xlen(stream),
          redis.xrange(stream, '-', '+', 'COUNT', 1),
          redis.memory('USAGE', stream),
        ]);
        return { frames, bytes: bytes ?? 0, first: first?.[0] };
      }, NOTHING),
    memory: async () => {
      const facts = await redis.info('memory');
      const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(facts)?.[1] ?? 0);
      return { used: number('used_memory'), most: number('maxmemory') };
    },
  };
}

/** What of a stream is asked; `otherwise` where the key is something else: the look at each stream deletes it, and has it filled again. */
async function onStream<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isForeignKey(error)) return otherwise;
    throw error;
  }
}

/** Members, each with its score behind it, are positions; `others` are those that are none. */
function momentsOf(flat: readonly (string | number)[]): { readonly moments: FeedMoment[]; readonly others: string[] } {
  const moments: FeedMoment[] = [];
  const others: string[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [position, at] = [String(flat[index]), Number(flat[index + 1])];
    const isPosition = framePosition.safeParse(position).success && Number.isFinite(at);
    if (isPosition) moments.push({ lsn: position.split('-')[0] ?? '0', at });
    else others.push(position);
  }
  return { moments, others };
}

/** By time, and never back in the log: what stood somewhere at a time was there later too. */
function inOrder(moments: readonly FeedMoment[]): FeedMoment[] {
  const ordered: FeedMoment[] = [];
  for (const moment of moments.toSorted((a, b) => a.at - b.at)) {
    const last = ordered.at(-1);
    if (!last || BigInt(moment.lsn) > BigInt(last.lsn)) ordered.push(moment);
  }
  return ordered;
}

/** Whether Redis refused something because it is full. */
function isFull(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM');
}
