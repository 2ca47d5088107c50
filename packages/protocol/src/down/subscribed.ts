import { z } from 'zod';
import { framePosition } from '../cursor.ts';

/** The cursor was accepted: frames from after it follow without a gap. `head` is where the feed stood at that moment. */
export const subscribed = z.object({
  type: z.literal('subscribed'),
  head: framePosition,
  /** Checksum of the workspace at the head. */
  sum: z.int().nonnegative().optional(),
});
export type Subscribed = z.infer<typeof subscribed>;
