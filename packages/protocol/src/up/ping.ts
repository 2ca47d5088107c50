import { z } from 'zod';

/** Heartbeat of the client, every 3 s (P21); `sentAt` comes back unchanged, so the client measures the round trip. */
export const ping = z.object({
  type: z.literal('ping'),
  sentAt: z.number(),
  /** The last round trip, and how long the last changes took to be applied: the node paces the connection by them (R4.5). */
  roundTripMs: z.number().nonnegative().optional(),
  applyLagMs: z.number().nonnegative().optional(),
});
export type Ping = z.infer<typeof ping>;
