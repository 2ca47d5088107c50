import { z } from 'zod';

/** Heartbeat of the client, every 10 s while idle; `sentAt` comes back unchanged, so the client measures the round trip. */
export const ping = z.object({ type: z.literal('ping'), sentAt: z.number() });
export type Ping = z.infer<typeof ping>;
