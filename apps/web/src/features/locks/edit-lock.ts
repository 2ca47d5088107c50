import {
  type HeldLock,
  type LiveLock,
  type LockAnswer,
  type SyncClient,
  SyncError,
  type Unsubscribe,
} from '@meldesync/client';
import type { EndedLock } from '@meldesync/protocol';
import { blockingLock } from './lock-to-show.ts';

/** How an editor stands with the lock of its case. */
export type EditLockState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'held' }
  /** Nobody can lock now. Editing goes on: the version check protects the data. */
  | { readonly kind: 'unavailable' }
  /** The person has as many locks as anybody may have. Editing goes on as without. */
  | { readonly kind: 'too-many' }
  /** A colleague has it; null when it is not known yet who. */
  | { readonly kind: 'refused'; readonly by: LiveLock | null }
  | { readonly kind: 'lost'; readonly end: EndedLock };

/** The lock behind the open editors of a case. */
export interface EditLock {
  /** The same object until it changes. */
  getSnapshot(): EditLockState;
  subscribe(listener: () => void): Unsubscribe;
  /** Gives the lock back, also one that is only granted later. */
  close(): void;
}

export type LockingClient = Pick<SyncClient, 'lock' | 'locks' | 'connection' | 'onConnection'>;

export const ASKING: EditLockState = { kind: 'asking' };

/**
 * Asks for the lock of a case and keeps asking where that can help: when the connection is back, when a colleague has
 * let go, when it ran out. A lock that someone took over on purpose is not asked for again.
 */
export function openEditLock(client: LockingClient, records: readonly number[], me: string): EditLock {
  const listeners = new Set<() => void>();
  let state = ASKING;
  let held: HeldLock | null = null;
  let isAsking = false;
  let isClosed = false;

  const set = (next: EditLockState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const take = (answer: LockAnswer | 'unavailable' | 'too-many'): void => {
    const isAnswered = typeof answer !== 'string';
    if (isClosed) {
      if (isAnswered && answer.outcome === 'granted') void giveBack(answer.lock);
    } else if (!isAnswered) {
      set({ kind: answer });
    } else if (answer.outcome === 'held') {
      set({ kind: 'refused', by: answer.locks[0] ?? null });
    } else {
      held = answer.lock;
      set({ kind: 'held' });
      held.onLost((end) => {
        held = null;
        if (isClosed) return;
        set({ kind: 'lost', end });
        reconsider();
      });
    }
  };

  const ask = async (): Promise<void> => {
    isAsking = true;
    const answer = await answerOf(client, records);
    isAsking = false;
    take(answer);
  };

  const reconsider = (): void => {
    if (isAsking || isClosed || client.connection.name !== 'live' || !canHelp(state)) return;
    if (blockingLock(client.locks, records, me) === null) void ask();
  };

  const endings = [client.onConnection(reconsider), client.locks.subscribe(reconsider)];
  void ask();

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      for (const end of endings) end();
      if (held) void giveBack(held);
      held = null;
    },
  };
}

/** Whether asking again may end better. */
function canHelp(state: EditLockState): boolean {
  if (state.kind === 'lost') return state.end.reason === 'expired';
  return state.kind === 'unavailable' || state.kind === 'too-many' || state.kind === 'refused';
}

/** Or why none is to be had: what the person can change themselves is told, all else makes no difference to them. */
async function answerOf(
  client: LockingClient,
  records: readonly number[],
): Promise<LockAnswer | 'unavailable' | 'too-many'> {
  try {
    return await client.lock(records);
  } catch (error) {
    return error instanceof SyncError && error.code === 'too-many-locks' ? 'too-many' : 'unavailable';
  }
}

async function giveBack(lock: HeldLock): Promise<void> {
  try {
    await lock.release();
  } catch {
    // Out of reach: it runs out by itself within seconds (R2.3).
    return;
  }
}
