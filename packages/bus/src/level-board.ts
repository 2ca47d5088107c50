import { isForeignKey } from '@meldesync/lifecycle';
import type { ReportUnreadable } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import type { OperationsKeys } from './operations-keys.ts';

/** What Redis holds of the level; null where there is none. */
export interface StoredLevel {
  /** What the process that decides made of what is measured; gone 10 s after it has said so last. */
  readonly decision: string | null;
  /** What a person has chosen; it stays until somebody chooses otherwise. */
  readonly chosen: string | null;
}

/** The level at which the cluster works. Each of these rejects with a `BusUnavailableError` where Redis does not answer in time. */
export interface LevelBoard {
  read(): Promise<StoredLevel>;
  /** Takes or keeps the lease of the one process that decides; it holds for 6 s. False when another process has it. */
  lead(process: string): Promise<boolean>;
  /** Keeps a decision and, if it is another one, tells all of it; false when another process has the lease by now. */
  decide(process: string, decision: string, isAnother: boolean): Promise<boolean>;
  /** Gives the lease back. */
  resign(process: string): Promise<void>;
  /** Keeps what a person has chosen, or that nothing is, and tells all. */
  choose(chosen: string | null): Promise<void>;
}

/** How long a decision counts that is not made again. */
export const DECISION_TTL_MS = 10_000;
const LEASE_MS = 6_000;

export interface LevelBoardOptions {
  readonly redis: Redis;
  readonly keys: OperationsKeys;
  readonly ask: <T>(question: () => Promise<T>) => Promise<T>;
  readonly onUnreadable: ReportUnreadable;
}

/** Makes one on a connection. */
export function createLevelBoard({ redis, keys, ask, onUnreadable }: LevelBoardOptions): LevelBoard {
  /** What the key holds; one of another type counts for nothing, and is written over or vanishes. */
  const get = async (key: string): Promise<string | null> => {
    try {
      return await redis.get(key);
    } catch (error) {
      if (!isForeignKey(error)) throw error;
      onUnreadable({ place: 'level', reason: 'a key of another type' });
      await redis.del(key);
      return null;
    }
  };
  return {
    read: () =>
      ask(async () => {
        const [decision, chosen] = await Promise.all([get(keys.decision), get(keys.chosen)]);
        return { decision, chosen };
      }),
    lead: (process) =>
      ask(async () => {
        try {
          return (await redis.leadLevel(keys.lease, process, LEASE_MS)) === 1;
        } catch (error) {
          if (!isForeignKey(error)) throw error;
          onUnreadable({ place: 'level', reason: 'a lease of another type' });
          await redis.del(keys.lease);
          return false;
        }
      }),
    decide: (process, decision, isAnother) =>
      ask(async () => {
        const channel = isAnother ? keys.channel : '';
        const kept = redis.decideLevel(keys.lease, keys.decision, process, decision, DECISION_TTL_MS, channel);
        return (await kept) === 1;
      }),
    resign: (process) =>
      ask(async () => {
        if ((await get(keys.lease)) === process) await redis.del(keys.lease);
      }),
    choose: (chosen) =>
      ask(async () => {
        if (chosen === null) await redis.del(keys.chosen);
        else await redis.set(keys.chosen, chosen);
        await redis.publish(keys.channel, 'chosen');
      }),
  };
}
