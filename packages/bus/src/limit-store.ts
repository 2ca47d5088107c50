import { AWAKE_TIMERS, withTimeout } from '@meldesync/lifecycle';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { connectRedis, type RedisOptions } from './connection.ts';
import { limitsPrefix } from './keys.ts';

function tooLate(): never {
  throw new Error('Redis does not answer in time');
}

type Limiter = Pick<RateLimiterMemory, 'get' | 'penalty' | 'reward' | 'consume' | 'delete'>;

/** What is counted, and for how long a count lasts from its first on. */
export interface CounterRule {
  /** Part of its keys. */
  readonly name: string;
  /** So many may be taken at a time. */
  readonly most: number;
  readonly seconds: number;
}

/** How a key stands. */
export interface Counted {
  readonly count: number;
  /** Until it begins anew. */
  readonly endsInMs: number;
}

/** Whether one more was free; where it was not, when one is. */
export type Taken = { readonly isFree: true } | { readonly isFree: false; readonly endsInMs: number };

/** Counts by key. Nothing here rejects: without Redis this process counts on for itself. */
export interface LimitCounter {
  /** Undefined where nothing is counted. */
  look(key: string): Promise<Counted | undefined>;
  /** Counts, also backwards; the count after it. */
  add(key: string, count: number): Promise<number>;
  /** Counts one where one is free. Where it is the first, it lasts `seconds`, or as long as the rule says. */
  take(key: string, seconds?: number): Promise<Taken>;
  forget(key: string): Promise<void>;
}

/** Where limits are counted for all processes together. */
export interface LimitStore extends Disposable {
  counter(rule: CounterRule): LimitCounter;
}

/**
 * So long at most somebody waits for Redis, and then nobody does for a while. Time in which this process itself stood still is not
 * Redis's: who keeps a node busy would have it count alone.
 */
const PATIENCE_MS = 300;
const LEFT_ALONE_MS = 3_000;
/** What one process counts for itself lasts no longer: nobody bounds how many keys there are. */
const OWN_SECONDS = 15 * 60;

/**
 * Counts in Redis; in the memory of this process where that is away, silent or refuses. docs/ARCHITECTURE.md says what the
 * keys hold.
 */
export function createLimitStore(options: RedisOptions): LimitStore {
  const connection = connectRedis({ ...options, commandTimeoutMs: null, isQueueing: false });
  const { redis } = connection;
  let leftAloneUntil = 0;

  /** Asks Redis, unless it has just failed; then, or where it fails, asks the process. */
  const ask = async <Limiter, Answer>(
    shared: Limiter,
    own: Limiter,
    question: (limiter: Limiter) => Promise<Answer>,
  ): Promise<Answer> => {
    if (redis.status !== 'ready' || performance.now() < leftAloneUntil) return question(own);
    try {
      return await withTimeout(question(shared), PATIENCE_MS, tooLate, AWAKE_TIMERS);
    } catch (error) {
      // A refusal is an answer.
      if (error instanceof RateLimiterRes) throw error;
      // What Redis refuses it has answered at once; what it did not answer others would wait for too.
      if (!(error instanceof Error && error.name === 'ReplyError')) leftAloneUntil = performance.now() + LEFT_ALONE_MS;
      return question(own);
    }
  };

  return {
    counter: ({ name, most, seconds }) => {
      const keyPrefix = `${limitsPrefix(options.prefix)}:${name}`;
      const shared: Limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix, points: most, duration: seconds });
      const own: Limiter = new RateLimiterMemory({
        keyPrefix,
        points: most,
        duration: Math.min(seconds, OWN_SECONDS),
      });
      const counter = <Answer>(question: (limiter: Limiter) => Promise<Answer>) => ask(shared, own, question);
      return {
        look: async (key) => {
          const found = await counter((limiter) => limiter.get(key));
          return found === null || Number.isNaN(found.consumedPoints)
            ? undefined
            : { count: found.consumedPoints, endsInMs: found.msBeforeNext };
        },
        add: async (key, count) => {
          const added = await counter((limiter) =>
            count < 0 ? limiter.reward(key, -count) : limiter.penalty(key, count),
          );
          return added.consumedPoints;
        },
        take: async (key, lasting) => {
          try {
            await counter((limiter) =>
              limiter.consume(key, 1, lasting === undefined ? {} : { customDuration: lasting }),
            );
            return { isFree: true };
          } catch (error) {
            if (error instanceof RateLimiterRes) return { isFree: false, endsInMs: error.msBeforeNext };
            throw error;
          }
        },
        forget: async (key) => {
          await counter((limiter) => limiter.delete(key));
        },
      };
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
