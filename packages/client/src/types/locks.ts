import type { EndedLock } from '@meldesync/protocol';
import type { Unsubscribe } from './unsubscribe.ts';

/** A lock as this client knows it (R1.4). A change makes a new object. */
export interface LiveLock {
  readonly lock: string;
  readonly records: readonly number[];
  readonly user: string;
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When it ends unless its holder is heard of again, in epoch milliseconds of this client; null while they are there. */
  readonly endsAt: number | null;
  /** True when this very client holds it. */
  readonly own: boolean;
}

/** The locks of the workspace, kept current while the connection is live; empty while there is none. */
export interface LockStore {
  /** The lock on a record. */
  get(record: number): LiveLock | undefined;
  values(): IterableIterator<LiveLock>;
  /** Called once a message, after it was applied. */
  subscribe(listener: () => void): Unsubscribe;
}

/**
 * A lock this client holds until it gives it back, is stopped, or loses it. Survives a short loss of connection (R2.3): while there
 * is none it is in doubt, and not in the lock store; it is lost when the client comes back and it is gone, or once it need not be
 * kept any longer, 10 s after the service last heard this client.
 */
export interface HeldLock {
  readonly lock: string;
  readonly records: readonly number[];
  /** Called at most once, when the lock is gone though it was not given back. Called at once when it already is. */
  onLost(listener: (end: EndedLock) => void): Unsubscribe;
  /** Gives it back; resolves when it is gone, however that came. */
  release(): Promise<void>;
}

/** How a lock is asked for. */
export interface LockOptions {
  /** What the same person holds with another client is not taken over: it is `held`, as anybody's is. */
  readonly keepsOwn?: boolean;
}

/** What became of a question for a lock. */
export type LockAnswer =
  | { readonly outcome: 'granted'; readonly lock: HeldLock }
  /** Nothing was locked. Empty when it is not known yet who holds it. */
  | { readonly outcome: 'held'; readonly locks: readonly LiveLock[] };
