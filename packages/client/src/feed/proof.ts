import type { ClientRuntime } from '../types/environment.ts';

/**
 * Whether the store is known to hold what the server holds. The server says with each frame what the records add up to;
 * a snapshot or a local copy may be ahead of its cursor, so until the first time that both agree nothing follows from a
 * difference.
 */
export interface Proof {
  /** `proved` since the first comparison that agreed. */
  readonly state: 'unproved' | 'proved';
  /** Compares. `diverged`: the store went wrong, and only a snapshot mends it. */
  compare(own: number, server: number): 'fine' | 'diverged';
  /** The store begins anew, with a snapshot or a local copy. */
  reset(): void;
}

/** So long frames may tell of what the store held already when it began. */
const UNPROVED_LIMIT_MS = 30_000;
/** More than this between two comparisons does not count: the client slept, or nobody wrote. */
const COUNTED_MS = 1_000;

/** Makes a proof that has not been made. */
export function createProof(runtime: Pick<ClientRuntime, 'now'>): Proof {
  let state: Proof['state'] = 'unproved';
  let unprovedMs = 0;
  let comparedAt: number | null = null;
  return {
    get state() {
      return state;
    },
    compare(own, server) {
      if (own === server) {
        state = 'proved';
        return 'fine';
      }
      if (state === 'proved') return 'diverged';
      const now = runtime.now();
      unprovedMs += Math.min(COUNTED_MS, now - (comparedAt ?? now));
      comparedAt = now;
      return unprovedMs < UNPROVED_LIMIT_MS ? 'fine' : 'diverged';
    },
    reset() {
      state = 'unproved';
      unprovedMs = 0;
      comparedAt = null;
    },
  };
}
