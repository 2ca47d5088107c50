import { type LiveLock, type LockAnswer, type LockStore, type SyncClient, SyncError } from '@meldesync/client';
import { CliError } from '../errors.ts';
import { finalError, onAbort } from '../session/live-records.ts';

/** How to go about a lock that somebody else holds. */
export interface Wish {
  /** How long to wait for it to become free, in milliseconds; 0 asks once. */
  readonly waitMs: number;
  /** Whether a lock that the same person holds elsewhere is taken over; else it is waited for as anybody's is. */
  readonly takesOver: boolean;
  /** Origin, for the sentence of an error. */
  readonly server: string;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Called when the wait begins, and each time that others hold the lock than before. */
  readonly onHeld: (locks: readonly LiveLock[]) => void;
}

/** The server may know of a lock that has not reached us yet, and be without locks for a moment. */
const ASK_AGAIN_MS = 2_000;
/** The longest silence during a wait, for a message that did not come. */
const LOOK_AGAIN_MS = 30_000;

/** What of a client a lock is asked for with. */
type LockingClient = Pick<SyncClient, 'lock' | 'locks' | 'connection'>;

/**
 * Asks for a lock on all of the records, again each time they have become free while `waitMs` lasts. Throws
 * `interrupted`, or what the server refused.
 */
export async function acquireLock(client: LockingClient, records: readonly number[], wish: Wish): Promise<LockAnswer> {
  const deadline = Date.now() + wish.waitMs;
  let known = '';
  for (;;) {
    if (wish.signal.aborted) throw new CliError('interrupted');
    const answer = await askOnce(client, records, wish.takesOver);
    const leftMs = deadline - Date.now();
    if (answer instanceof SyncError) {
      const error = finalError(client.connection, wish.server);
      if (error !== undefined || !answer.retryable || leftMs <= 0) throw error ?? answer;
      await untilChanged(client.locks, () => false, Math.min(leftMs, ASK_AGAIN_MS), wish.signal);
      continue;
    }
    if (answer.outcome === 'granted' || leftMs <= 0) return answer;
    const holders = answer.locks.map(({ lock }) => lock).join();
    if (holders !== known || known === '') wish.onHeld(answer.locks);
    known = holders || 'unknown';
    const isFree = () => areFree(client.locks, records);
    // Free already means that the message which says who has it is still on its way.
    const pauseMs = isFree() ? ASK_AGAIN_MS : LOOK_AGAIN_MS;
    await untilChanged(client.locks, isFree, Math.min(leftMs, pauseMs), wish.signal);
  }
}

async function askOnce(
  client: LockingClient,
  records: readonly number[],
  takesOver: boolean,
): Promise<LockAnswer | SyncError> {
  try {
    return await client.lock(records, { keepsOwn: !takesOver });
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
}

function areFree(locks: LockStore, records: readonly number[]): boolean {
  return records.every((record) => locks.get(record) === undefined);
}

/** Resolves when the locks have changed so that `isDone`, after a while, or on the signal. */
async function untilChanged(
  locks: LockStore,
  isDone: () => boolean,
  longestMs: number,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  try {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longestMs);
      const unsubscribe = locks.subscribe(() => {
        if (isDone()) resolve();
      });
      onAbort(ending.signal, () => {
        clearTimeout(timer);
        unsubscribe();
      });
      onAbort(signal, resolve, ending.signal);
    });
  } finally {
    ending.abort();
  }
}
