import { z } from 'zod';
import { consequenceOf } from './close-codes.ts';

/** RFC 6455 §5.5: what a close reason has room for. */
export const MAX_CLOSE_REASON_BYTES = 123;
/** Nobody is sent away for longer. */
const MAX_RETRY_AFTER_MS = 600_000;

/** The reason of a close that says more than its code, as JSON. Any other reason is a text for whoever reads a log. */
export const closeReason = z.object({
  /** When the client is to come back. A node spreads its clients, so that those that remain are not asked by all at once. */
  retryAfterMs: z.int().min(0).max(MAX_RETRY_AFTER_MS),
});
export type CloseReason = z.infer<typeof closeReason>;

/** Reason of a close with `draining`: when to come back. */
export function drainReason(retryAfterMs: number): string {
  return JSON.stringify({ retryAfterMs: Math.min(Math.round(retryAfterMs), MAX_RETRY_AFTER_MS) } satisfies CloseReason);
}

/** When a close says that the client is to come back; undefined where it says nothing. */
export function reconnectInMs(code: number, reason: string): number | undefined {
  if (consequenceOf(code).client !== 'when-told') return undefined;
  return closeReason.safeParse(parseJson(reason)).data?.retryAfterMs ?? formerRetryAfterMs(reason);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A reason may be any text; this one says nothing that a program could read.
    return undefined;
  }
}

/** As nodes before 0.2 say it. To be taken away with 0.3, when none of them can be met any more. */
function formerRetryAfterMs(reason: string): number | undefined {
  const match = /; reconnect in (\d{1,6}) ms$/.exec(reason);
  return match ? Number(match[1]) : undefined;
}
