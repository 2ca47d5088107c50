import { LRUCache } from 'lru-cache';

/** `max` requests in `window` seconds. */
interface RequestRule {
  readonly window: number;
  readonly max: number;
}

/** Keys that are counted at a time, whose place is taken at the start; those heard of longest ago are forgotten first. */
const MAX_COUNTED = 10_000;

/**
 * Counts how often each key is asked for, in the memory of this node: addresses and paths for better-auth, whose own counts would be
 * those of the whole process, and so of every node in it; accounts and addresses for what else tries a secret.
 */
export class RequestLimits {
  readonly #windows = new LRUCache<string, { requests: number; readonly endsAtMs: number }>({ max: MAX_COUNTED });

  /** Counts a request; `retryAfter` is seconds until one more is allowed, null where it is. */
  async consume(key: string, { window, max }: RequestRule): Promise<{ allowed: boolean; retryAfter: number | null }> {
    const nowMs = performance.now();
    const counted = this.#windows.get(key);
    if (!counted || counted.endsAtMs <= nowMs) {
      this.#windows.set(key, { requests: 1, endsAtMs: nowMs + window * 1_000 });
      return { allowed: true, retryAfter: null };
    }
    if (counted.requests >= max) return { allowed: false, retryAfter: Math.ceil((counted.endsAtMs - nowMs) / 1_000) };
    counted.requests += 1;
    return { allowed: true, retryAfter: null };
  }
}
