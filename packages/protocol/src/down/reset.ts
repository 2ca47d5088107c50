import { z } from 'zod';

const resetReason = z.enum(['epoch', 'too-old', 'unknown']);
/** As a client reads it: a reason that only a newer server knows leaves nothing known of where the client stands (P44). */
const receivedResetReason = z.union([resetReason, z.string().transform((): z.infer<typeof resetReason> => 'unknown')]);

/**
 * The client's cursor cannot be continued: take a snapshot over HTTP, then subscribe with its cursor.
 * - `epoch`: the feed was started anew (Postgres restored, slot lost).
 * - `too-old`: the frames after the cursor are no longer kept.
 * - `unknown`: the cursor is not a position of this feed.
 */
export const reset = z.object({ type: z.literal('reset'), reason: receivedResetReason });
export type Reset = z.infer<typeof reset>;
