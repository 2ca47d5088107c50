import { z } from 'zod';
import { cursor } from '../cursor.ts';

/** The client's records do not add up to the checksum of the frame at this cursor. It takes a snapshot. Not answered. */
export const diverged = z.object({ type: z.literal('diverged'), cursor });
export type Diverged = z.infer<typeof diverged>;
