import { z } from 'zod';

/**
 * How old what this node sends may be, in milliseconds: it has not heard what happens for so long. Null: it hears it again, and
 * what was missed has been sent. Said to a client that is kept by such a node (P49).
 */
export const freshness = z.object({ type: z.literal('freshness'), ageMs: z.number().nonnegative().nullable() });
export type FreshnessMessage = z.infer<typeof freshness>;
