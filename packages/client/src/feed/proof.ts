import type { ClientRuntime } from '../types.ts';

/**
 * Whether the store is known to hold what the server holds. The server says with each frame what the records add up to;
 * a snapshot may be ahead of its cursor, so until the first time that both agree nothing follows from a difference.
 */
export interface Proof {
  /** Whether the last comparison agreed; null before the first one that could be made. */
  readonly state: 'unproved' | 'proved';
  /** Compares. `diverged`: the store went wrong, and only a snapshot mends it. */
  compare(own: number, server: number): 'fine' | 'diverged';
  /** A snapshot was taken, or a copy loaded. */
  reset(): void;
}

/** So long after the first frame over a snapshot frames may still tell of what it holds already. */
const UNPROVED_LIMIT_MS = 30_000;

/** Makes a proof that has not been made. */
export function createProof(runtime: Pick<ClientRuntime, 'now'>): Proof {
  let state: Proof['state'] = 'unproved';
  let since: number | null = null;
  return {
    get state() {
      return state;
    },
    compare(own, server) {
      if (own === server) {
        state = 'proved';
        return 'fine';
      }
      since ??= runtime.now();
      if (state === 'unproved' && runtime.now() - since < UNPROVED_LIMIT_MS) return 'fine';
      return 'diverged';
    },
    reset() {
      state = 'unproved';
      since = null;
    },
  };
}
