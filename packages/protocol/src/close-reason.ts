import { z } from 'zod';
import { consequenceOf } from './close-codes.ts';

/** RFC 6455 §5.5: what a close reason has room for. */
export const MAX_CLOSE_REASON_BYTES = 123;
/** Nobody is sent away for longer. */
const MAX_RETRY_AFTER_MS = 600_000;

/** What the reason of a close says beside its code, as JSON at its beginning. Any other reason is a text for whoever reads a log. */
export const closeReason = z.object({
  /** When the client is to come back. A node spreads its clients, so that those that remain are not asked by all at once. */
  retryAfterMs: z.int().min(0).max(MAX_RETRY_AFTER_MS),
});
export type CloseReason = z.infer<typeof closeReason>;

/**
 * Reason of a close with `draining`: when to come back. The text after the JSON is for clients up to 0.3.0, which read nothing
 * else; it is taken away with 0.5.0.
 */
export function drainReason(delayMs: number): string {
  const retryAfterMs = Math.min(Math.round(delayMs), MAX_RETRY_AFTER_MS);
  return `${JSON.stringify({ retryAfterMs } satisfies CloseReason)}; reconnect in ${retryAfterMs} ms`;
}

/** When a close says that the client is to come back; undefined where it says nothing. */
export function reconnectInMs(code: number, reason: string): number | undefined {
  if (consequenceOf(code).client !== 'when-told') return undefined;
  return closeReason.safeParse(parseBeginning(reason)).data?.retryAfterMs ?? formerRetryAfterMs(reason);
}

function parseBeginning(reason: string): unknown {
  try {
    return JSON.parse(reason.slice(0, reason.lastIndexOf('}') + 1));
  } catch {
    // A reason may be any text; this one says nothing that a program could read.
    return undefined;
  }
}

/** As nodes up to 0.3.0 say it; goes with the text in `drainReason`. */
function formerRetryAfterMs(reason: string): number | undefined {
  const match = /; reconnect in (\d{1,6}) ms$/.exec(reason);
  return match ? Number(match[1]) : undefined;
}
