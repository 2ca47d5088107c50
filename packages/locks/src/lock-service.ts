import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCK_RESUME_MS, LOCK_TTL_MS, type ReportUnreadable } from '@meldesync/protocol';
import type { LockDirectory } from './lock-directory.ts';
import type { Mutex } from './mutex.ts';
import type { LivingLock, StoredLock } from './stored-lock.ts';

/** Who wants a lock. */
export interface LockClaim {
  readonly workspace: string;
  readonly records: readonly number[];
  readonly user: string;
  readonly instance: string;
  readonly connection: string;
  /** Whether somebody still waits for the answer: for nobody nothing is taken over. Always, unless given. */
  readonly isWanted?: () => boolean;
  /** What the same person holds with another client is not taken over: it is held against this one as anybody's is. */
  readonly keepsOwn?: boolean;
  /** A lock of the same person, in another window, is over for it. */
  readonly onTakenOver?: (lock: StoredLock) => void;
}

export type LockAcquisition =
  | { readonly outcome: 'granted'; readonly lock: LivingLock }
  /** Another person edits, or the same one elsewhere where that is kept; empty when the directory does not say who. */
  | { readonly outcome: 'held'; readonly locks: readonly LivingLock[] }
  | { readonly outcome: 'unavailable' };

/** The record locks of all workspaces (R1.4, R2.3), shared by all nodes through Redis. Methods reject with Redis' errors. */
export interface LockService {
  /** All of the records or none. What the same person holds of them elsewhere is taken over, unless `keepsOwn`. */
  acquire(claim: LockClaim): Promise<LockAcquisition>;
  /**
   * The holder was heard of: the lock as it lives on, with a new token where Redis had lost the old one. `lost`: it is
   * somebody else's now, or another connection's.
   */
  keepAlive(workspace: string, lock: StoredLock): Promise<StoredLock | 'lost' | 'unavailable'>;
  /** The holder's connection closed: its client has a while to come back with another one. */
  orphan(workspace: string, lock: StoredLock): Promise<void>;
  /** Gives an orphaned lock to the new connection of the same client. */
  resume(workspace: string, lock: StoredLock, connection: string): Promise<StoredLock | 'lost' | 'unavailable'>;
  /**
   * The holder gives it back, or its node clears away what is left of it. Nothing happens to one that another connection has
   * resumed. Whether this ended it: of all who want the end of a lock one is told so.
   */
  release(workspace: string, lock: StoredLock): Promise<boolean>;
  /** Ends a lock whoever holds it; undefined when there is none. `by` is the actor. */
  takeAway(workspace: string, lock: string, by: string): Promise<StoredLock | undefined>;
  /** The locks on the records, all of the workspace without any. */
  read(workspace: string, records?: readonly number[]): Promise<LivingLock[]>;
}

/**
 * The mutex is granted a moment before the directory says to whom, and is free a moment after it no longer does: so all nodes
 * are told of the end of a lock before anybody else can be granted its records.
 */
const UNKNOWN_HOLDER_TRIES = 5;
const UNKNOWN_HOLDER_PAUSE_MS = 30;
/** When nobody is known to hold it for so long, it is looked whether it is a mutex at all. */
const CLEARING_TRY = UNKNOWN_HOLDER_TRIES - 1;

export interface LockServiceOptions {
  readonly mutex: Mutex;
  readonly directory: LockDirectory;
  readonly onUnreadable: ReportUnreadable;
}

/** Makes the service over a mutex and a directory. Long because its methods share what they close over; none of them is. */
export function createLockService({ mutex, directory, onUnreadable }: LockServiceOptions): LockService {
  const names = (workspace: string, records: readonly number[]) =>
    records.map((record) => `{${workspace}}:lock:${record}`);
  const free = (workspace: string, lock: StoredLock) => mutex.release(names(workspace, lock.records), lock.token);

  const keepAlive = async (workspace: string, lock: StoredLock): Promise<StoredLock | 'lost' | 'unavailable'> => {
    const extended = await mutex.extend(names(workspace, lock.records), lock.token, LOCK_TTL_MS);
    if (extended === 'unavailable') return 'unavailable';
    let { token } = lock;
    if (extended === 'lost') {
      // It may have been lost with Redis' data: whoever comes first has it.
      const again = await mutex.acquire(names(workspace, lock.records), LOCK_TTL_MS);
      if (again === 'unavailable') return 'unavailable';
      if (again === 'held') return 'lost';
      token = again.token;
    }
    const kept: StoredLock = { ...lock, token, orphaned: false };
    const written = await directory.write('renew', workspace, kept, LOCK_TTL_MS);
    if (written === 'written') return kept;
    if (token !== lock.token) await free(workspace, kept);
    return 'lost';
  };

  /** Writes down whose a lock is that has just been taken. */
  const grant = async (workspace: string, lock: StoredLock): Promise<LockAcquisition> => {
    try {
      await directory.write('new', workspace, lock, LOCK_TTL_MS);
    } catch (error) {
      // A lock that nobody can see would only puzzle people.
      await free(workspace, lock);
      throw error;
    }
    return { outcome: 'granted', lock: { ...lock, endsInMs: LOCK_TTL_MS } };
  };

  return {
    async acquire({
      workspace,
      user,
      instance,
      connection,
      isWanted = () => true,
      keepsOwn = false,
      onTakenOver,
      ...claim
    }) {
      const records = [...new Set(claim.records)].toSorted((a, b) => a - b);
      for (let attempt = 1; ; attempt++) {
        const granted = await mutex.acquire(names(workspace, records), LOCK_TTL_MS);
        if (granted === 'unavailable') return { outcome: 'unavailable' };
        if (granted !== 'held') {
          const lock = { lock: randomUUID(), token: granted.token, records, user, instance, connection };
          return grant(workspace, { ...lock, since: Date.now(), orphaned: false });
        }
        const held = await directory.read(workspace, records);
        if (held.length === 0 && attempt === CLEARING_TRY) {
          const cleared = await mutex.clearForeign(names(workspace, records));
          if (cleared > 0) onUnreadable({ place: 'lock-key', workspace, reason: 'a mutex that never ends' });
        }
        const others = held.filter((lock) => lock.user !== user || (keepsOwn && lock.instance !== instance));
        if (others.length > 0 || attempt === UNKNOWN_HOLDER_TRIES) return { outcome: 'held', locks: others };
        if (!isWanted()) return { outcome: 'unavailable' };
        for (const lock of held) {
          const ended = await directory.end(workspace, lock.lock, { reason: 'taken-over', by: `user:${user}` });
          if (ended) onTakenOver?.(ended);
          await free(workspace, lock);
        }
        if (held.length === 0) await sleep(UNKNOWN_HOLDER_PAUSE_MS);
      }
    },

    keepAlive,

    async orphan(workspace, lock) {
      await mutex.extend(names(workspace, lock.records), lock.token, LOCK_RESUME_MS);
      await directory.write('orphan', workspace, { ...lock, orphaned: true }, LOCK_RESUME_MS);
    },

    async resume(workspace, lock, connection) {
      const resumed: StoredLock = { ...lock, connection, orphaned: false };
      const written = await directory.write('resume', workspace, resumed, LOCK_TTL_MS);
      return written === 'lost' ? 'lost' : keepAlive(workspace, resumed);
    },

    async release(workspace, lock) {
      const ended = await directory.end(workspace, lock.lock, { reason: 'released', connection: lock.connection });
      if (!ended && (await directory.read(workspace, lock.records)).some((other) => other.lock === lock.lock))
        return false;
      await free(workspace, lock);
      return ended !== undefined;
    },

    async takeAway(workspace, lock, by) {
      const ended = await directory.end(workspace, lock, { reason: 'taken-away', by });
      if (ended) await free(workspace, ended);
      return ended;
    },

    read: (workspace, records) => directory.read(workspace, records),
  };
}
