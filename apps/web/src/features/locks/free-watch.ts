import type { SyncClient, Unsubscribe } from '@meldesync/client';
import type { NamedCase } from '../../editing/named-case.ts';
import { blockingLock } from './lock-to-show.ts';

/** The cases this person wants to be told about when they are free. */
export interface FreeWatch {
  has(records: readonly number[]): boolean;
  add(wish: NamedCase): void;
  remove(records: readonly number[]): void;
  /** Called when the wishes have changed. */
  subscribe(listener: () => void): Unsubscribe;
  /** Called for each wish that comes true. It waits no more, unless somebody takes the case before the person has acted on it. */
  onFree(listener: (wish: NamedCase) => void): Unsubscribe;
  /** Called when a case that `onFree` told of is locked again. Where a colleague has it the wish is back. */
  onTaken(listener: (wish: NamedCase) => void): Unsubscribe;
  /** The person has acted on what `onFree` told: what becomes of the case is no more of interest. */
  settle(wish: NamedCase): void;
}

/** How long a case must be free: whoever goes from one field to the next, or reconnects, is not done with it. */
export const SETTLE_MS = 600;

/** Makes the watch of a connection. `me`: the signed-in person's user id. Long because its methods share what they close over. */
export function createFreeWatch(client: Pick<SyncClient, 'locks' | 'connection'>, me: string): FreeWatch {
  const wishes = new Set<NamedCase>();
  /** Those that came true and that the person has not acted on yet. */
  const told = new Set<NamedCase>();
  const listeners = new Set<() => void>();
  const hearers = new Set<(wish: NamedCase) => void>();
  const takenHearers = new Set<(wish: NamedCase) => void>();
  let stopListening: Unsubscribe | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const find = (records: readonly number[]): NamedCase | undefined =>
    [...wishes].find((wish) => wish.records.some((record) => records.includes(record)));

  const changed = (): void => {
    if (wishes.size + told.size === 0 || hearers.size === 0) {
      stopListening?.();
      stopListening = null;
      clearTimeout(timer);
      timer = undefined;
    } else {
      stopListening ??= client.locks.subscribe(onLocks);
    }
    for (const listener of listeners) listener();
  };

  const onLocks = (): void => {
    const taken = [...told].filter(({ records }) => records.some((record) => client.locks.get(record) !== undefined));
    for (const wish of taken) {
      told.delete(wish);
      if (blockingLock(client.locks, wish.records, me) !== null && !find(wish.records)) wishes.add(wish);
    }
    if (taken.length > 0) changed();
    for (const wish of taken) for (const hear of takenHearers) hear(wish);
    if (wishes.size > 0) lookSoon();
  };

  const lookSoon = (): void => {
    timer ??= setTimeout(look, SETTLE_MS);
  };

  const look = (): void => {
    timer = undefined;
    // Without a connection no lock is known, which does not mean that there is none.
    if (client.connection.name !== 'live') return;
    const free = [...wishes].filter(({ records }) => blockingLock(client.locks, records, me) === null);
    if (free.length === 0) return;
    for (const wish of free) {
      wishes.delete(wish);
      told.add(wish);
    }
    changed();
    for (const wish of free) for (const hear of hearers) hear(wish);
  };

  return {
    has: (records) => find(records) !== undefined,
    add(wish) {
      if (find(wish.records)) return;
      wishes.add(wish);
      changed();
      // It may have become free while the person made up their mind.
      lookSoon();
    },
    remove(records) {
      const wish = find(records);
      if (wish && wishes.delete(wish)) changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFree(hear) {
      hearers.add(hear);
      changed();
      return () => {
        hearers.delete(hear);
        changed();
      };
    },
    onTaken(hear) {
      takenHearers.add(hear);
      return () => takenHearers.delete(hear);
    },
    settle(wish) {
      if (told.delete(wish)) changed();
    },
  };
}
