import { z } from 'zod';
import { cursor } from '../cursor.ts';

/** Asks for every frame after `cursor`, then live ones. Answered by `subscribed` and `frames`, or by `reset`. */
export const subscribe = z.object({ type: z.literal('subscribe'), cursor });
export type Subscribe = z.infer<typeof subscribe>;
