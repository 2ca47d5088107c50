import { z } from 'zod';

/** How far apart changes are sent to a connection, in milliseconds; 0 is at once (R4.5). */
export const TIERS_MS = [0, 250, 1_000, 5_000] as const;
export type TierMs = (typeof TIERS_MS)[number];

/**
 * From now on changes come this far apart, those of one record merged: the connection is slow, or no longer. Sent when it
 * changes; a connection begins with 0.
 */
export const tier = z.object({
  type: z.literal('tier'),
  everyMs: z.union([z.literal(0), z.literal(250), z.literal(1_000), z.literal(5_000)]),
});
export type Tier = z.infer<typeof tier>;

/** Frames were left out because the client did not read in time; it subscribes again with its cursor. */
export const behind = z.object({ type: z.literal('behind') });
export type Behind = z.infer<typeof behind>;
