import type { ReportUnreadable } from '@meldesync/protocol';
import { createLockDirectory } from './lock-directory.ts';
import { connectLockRedis } from './lock-redis.ts';
import { createLockService, type LockService } from './lock-service.ts';
import { createMutex } from './mutex.ts';

export type { LockAcquisition, LockClaim, LockService } from './lock-service.ts';
export { NO_LOCKS } from './no-locks.ts';
export { isBefore, type LivingLock, type LockEvent, lockEvent, type StoredLock } from './stored-lock.ts';

export interface LocksOptions {
  /** Redis of the feed: the directory of who holds what is kept there, and told on its channels. */
  readonly redisUrl: string;
  /** Independent Redis masters that grant the locks, an odd number; the feed's Redis alone when empty. */
  readonly masterUrls: readonly string[];
  /** First part of every key. */
  readonly prefix: string;
  /** Channel on which the nodes hear of changes. */
  readonly channel: (workspace: string) => string;
  /** A connection broke or could not be made; it is made again by itself. */
  readonly onConnectionError: (error: Error) => void;
  /** Redis held what no node writes, which is taken out. */
  readonly onUnreadable: ReportUnreadable;
}

/** Connects the lock service; its connections end when it is disposed of. */
export function connectLocks(options: LocksOptions): LockService & Disposable {
  const connect = (url: string) => connectLockRedis(url, options.onConnectionError);
  const redis = connect(options.redisUrl);
  const masters = options.masterUrls.length > 0 ? options.masterUrls.map(connect) : [redis];
  const service = createLockService({
    mutex: createMutex({ masters, prefix: options.prefix }),
    directory: createLockDirectory({ redis, ...options }),
    onUnreadable: options.onUnreadable,
  });
  return {
    ...service,
    [Symbol.dispose]: () => {
      for (const connection of new Set([redis, ...masters])) connection.disconnect(false);
    },
  };
}
