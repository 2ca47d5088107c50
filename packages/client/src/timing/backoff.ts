import { BACKOFF, type Backoff } from '@meldesync/protocol';

/**
 * How long to wait before try number `attempt` (from 1). Jitter over the whole range and from the first try on, so that the
 * clients of a node that went away do not come back together. `random` is in [0, 1); `triedMs` is how long the try before it waited
 * for an answer that did not come; by a clock that was set back meanwhile it is below 0.
 */
export function backoffMs(
  attempt: number,
  random: number,
  { minMs, firstMaxMs, maxMs }: Backoff = BACKOFF.usual,
  triedMs = 0,
): number {
  const longest = Math.max(firstMaxMs, maxMs - Math.max(0, triedMs));
  const ceiling = Math.min(longest, firstMaxMs * 2 ** Math.min(attempt - 1, 10));
  return Math.round(minMs + random * (ceiling - minMs));
}
