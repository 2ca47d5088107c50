import { z } from 'zod';
import { framePosition } from '../cursor.ts';

/**
 * Answer to `ping`, with its `sentAt`. On a live connection `head` is where the node's feed stands; every frame up to it
 * was sent before this message, so a client that has not reached it lost one and subscribes again.
 */
export const pong = z.object({
  type: z.literal('pong'),
  sentAt: z.number(),
  /** What the node's clock says, in epoch milliseconds. */
  at: z.number().optional(),
  head: framePosition.optional(),
  /** How old what the node knows is, in milliseconds, where it has heard nothing for a while; it says `freshness` later. */
  ageMs: z.number().nonnegative().optional(),
});
export type Pong = z.infer<typeof pong>;
