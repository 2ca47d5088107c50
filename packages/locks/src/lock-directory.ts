import { pastForeignKey } from '@meldesync/lifecycle';
import { LOCK_TTL_MS, type LockEnd, type ReportUnreadable, readJson } from '@meldesync/protocol';
import type { Redis } from 'ioredis';
import { type LivingLock, type StoredLock, storedLock } from './stored-lock.ts';

/** How a lock is written: see `lua/write-lock.ts`. */
export type WriteMode = 'new' | 'renew' | 'orphan' | 'resume';

/**
 * Who holds what: the state everyone sees. The mutex decides who may; the directory tells it, and a lock in it that was
 * lost with Redis is written again by the node that keeps it alive.
 */
export interface LockDirectory {
  /** `lost`: somebody else's lock, or another connection of the same client, stands there; or nothing that could go on. */
  write(mode: WriteMode, workspace: string, lock: StoredLock, ttlMs: number): Promise<'written' | 'lost'>;
  /** Takes a lock out; only if `connection` holds it, where one is given. Undefined when there was none. */
  end(
    workspace: string,
    lock: string,
    end: { readonly reason: LockEnd; readonly by?: string; readonly connection?: string },
  ): Promise<StoredLock | undefined>;
  /** The locks on the records, all of the workspace without any; each once. */
  read(workspace: string, records?: readonly number[]): Promise<LivingLock[]>;
}

export interface LockDirectoryOptions {
  readonly redis: Redis;
  readonly prefix: string;
  /** Channel on which the nodes hear of changes. */
  readonly channel: (workspace: string) => string;
  /** The directory held what no node writes, which is taken out of it. */
  readonly onUnreadable: ReportUnreadable;
}

export function createLockDirectory({ redis, prefix, channel, onUnreadable }: LockDirectoryOptions): LockDirectory {
  const key = (workspace: string) => `${prefix}:{${workspace}}:locks`;
  const told = (workspace: string, reason: string) => onUnreadable({ place: 'lock-directory', workspace, reason });
  const ask = <T>(workspace: string, run: () => Promise<T>): Promise<T> =>
    pastForeignKey(run, {
      remove: () => redis.del(key(workspace)),
      onForeign: () => told(workspace, 'a directory of another type'),
    });
  const parse = (workspace: string, json: string): StoredLock | undefined => {
    const reading = readJson(storedLock, json);
    if ('value' in reading) return reading.value;
    told(workspace, reading.unreadable);
    return undefined;
  };
  return {
    write: (mode, workspace, lock, ttlMs) =>
      ask(workspace, () => redis.writeLock(key(workspace), channel(workspace), mode, ttlMs, JSON.stringify(lock))),

    end: async (workspace, lock, { reason, by = '', connection = '' }) => {
      const ended = await ask(workspace, () =>
        redis.endLock(key(workspace), channel(workspace), lock, connection, reason, by),
      );
      return ended === null ? undefined : parse(workspace, ended);
    },

    read: async (workspace, records) => {
      if (records?.length === 0) return [];
      const answer = await ask(workspace, () => redis.readLocks(key(workspace), ...(records ?? [])));
      const found = new Map<string, LivingLock>();
      for (let i = 0; i + 1 < answer.length; i += 2) {
        const lock = parse(workspace, answer[i + 1] ?? '');
        if (lock) found.set(lock.lock, { ...lock, endsInMs: Math.min(Number(answer[i]), LOCK_TTL_MS) });
      }
      return [...found.values()];
    },
  };
}
