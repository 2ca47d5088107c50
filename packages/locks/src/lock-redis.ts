import { DISCONNECT_LIMIT_MS, redisAddress, watchRedis } from '@meldesync/lifecycle';
import { Redis, type Result } from 'ioredis';
import type { WriteMode } from './lock-directory.ts';
import { CLEAR_FOREIGN } from './lua/clear-foreign.ts';
import { END_LOCK } from './lua/end-lock.ts';
import { READ_LOCKS } from './lua/read-locks.ts';
import { WRITE_LOCK } from './lua/write-lock.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    writeLock(
      locks: string,
      channel: string,
      mode: WriteMode,
      ttlMs: number,
      lock: string,
    ): Result<'written' | 'lost', Context>;
    endLock(
      locks: string,
      channel: string,
      lock: string,
      connection: string,
      reason: string,
      by: string,
    ): Result<string | null, Context>;
    clearForeign(count: number, ...keys: string[]): Result<number, Context>;
    readLocks(locks: string, ...records: number[]): Result<string[], Context>;
  }
}

const MAX_RETRY_DELAY_MS = 1_000;
/** A lock that takes longer than this is none: people do not wait for it, and edits must not. */
const COMMAND_TIMEOUT_MS = 500;
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * A connection that fails at once while Redis is away instead of keeping commands for later, for a lock granted late is
 * worse than none. One whose server falls silent is made anew.
 */
export function connectLockRedis(address: string, onConnectionError: (error: Error) => void): Redis {
  const { url, ...secured } = redisAddress(address);
  const redis = new Redis(url, {
    ...secured,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_LIMIT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), MAX_RETRY_DELAY_MS),
    scripts: {
      writeLock: { lua: WRITE_LOCK, numberOfKeys: 1 },
      clearForeign: { lua: CLEAR_FOREIGN },
      endLock: { lua: END_LOCK, numberOfKeys: 1 },
      readLocks: { lua: READ_LOCKS, numberOfKeys: 1 },
    },
  });
  redis.on('error', onConnectionError);
  const watch = watchRedis(redis, () => redis.ping(), onConnectionError);
  redis.once('end', () => watch[Symbol.dispose]());
  return redis;
}
