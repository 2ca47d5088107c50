import type { Unsubscribe } from '@meldesync/client';
import { MAX_RECORDS_PER_LOCK } from '@meldesync/protocol';
import { ASKING, type EditLock, type EditLockState, type LockingClient, openEditLock } from './edit-lock.ts';

/** The lock of one case, for an editor: taken with the first subscriber, given back after the last. */
interface EditLockSource {
  getSnapshot(): EditLockState;
  subscribe(listener: () => void): Unsubscribe;
}

/** The locks this window's editors hold. Editors of the same case share one. */
export interface LockKeeper {
  of(records: readonly number[]): EditLockSource;
}

/** How long a lock outlives its editor: going from one field of a case to the next must not give it away. */
export const LINGER_MS = 400;

interface Kept {
  readonly lock: EditLock;
  editors: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Makes the keeper of a connection. `me`: the signed-in person's user id. */
export function createLockKeeper(client: LockingClient, me: string): LockKeeper {
  const kept = new Map<string, Kept>();

  const end = (key: string, entry: Kept): void => {
    if (kept.get(key) === entry) kept.delete(key);
    entry.lock.close();
  };

  const enter = (key: string, records: readonly number[]): Kept => {
    const known = kept.get(key);
    clearTimeout(known?.timer);
    // An editor that opens again begins anew: what it lost before, it may take over now.
    if (known && known.editors === 0 && isOver(known.lock.getSnapshot())) end(key, known);
    const entry = kept.get(key) ?? { lock: openEditLock(client, records, me), editors: 0, timer: undefined };
    kept.set(key, entry);
    entry.editors += 1;
    return entry;
  };

  const leave = (key: string, entry: Kept): void => {
    entry.editors -= 1;
    if (entry.editors === 0) entry.timer = setTimeout(() => end(key, entry), LINGER_MS);
  };

  return {
    of(records) {
      const ids = records.toSorted((a, b) => a - b).slice(0, MAX_RECORDS_PER_LOCK);
      const key = ids.join();
      return {
        getSnapshot: () => kept.get(key)?.lock.getSnapshot() ?? ASKING,
        subscribe(listener) {
          const entry = enter(key, ids);
          const unsubscribe = entry.lock.subscribe(listener);
          return () => {
            unsubscribe();
            leave(key, entry);
          };
        },
      };
    },
  };
}

function isOver(state: EditLockState): boolean {
  return state.kind === 'lost' || state.kind === 'refused';
}
