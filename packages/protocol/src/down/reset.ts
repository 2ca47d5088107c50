import { z } from 'zod';

/**
 * The client's cursor cannot be continued: take a snapshot over HTTP, then subscribe with its cursor.
 * - `epoch`: the feed was started anew (Postgres restored, slot lost).
 * - `too-old`: the frames after the cursor are no longer kept.
 * - `unknown`: the cursor is not a position of this feed.
 */
export const reset = z.object({ type: z.literal('reset'), reason: z.enum(['epoch', 'too-old', 'unknown']) });
export type Reset = z.infer<typeof reset>;
