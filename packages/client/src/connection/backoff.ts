/** Shortest and longest wait before a connection is tried again (R4.1). */
export const BACKOFF_MIN_MS = 500;
export const BACKOFF_MAX_MS = 20_000;
/** Longest wait while a lock waits for its client. */
export const EAGER_BACKOFF_MAX_MS = 1_500;

/**
 * How long to wait before try number `attempt` (from 1): uniformly between the shortest wait and a ceiling that doubles
 * with each try, from 2 s. Jitter over the whole range and from the first try on, so that the clients of a node that
 * went away do not come back together. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number, maxMs: number = BACKOFF_MAX_MS): number {
  const ceiling = Math.min(maxMs, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(BACKOFF_MIN_MS + random * (ceiling - BACKOFF_MIN_MS));
}
