import { z } from 'zod';

/** Answer to `ping`, with its `sentAt`. */
export const pong = z.object({ type: z.literal('pong'), sentAt: z.number() });
export type Pong = z.infer<typeof pong>;
