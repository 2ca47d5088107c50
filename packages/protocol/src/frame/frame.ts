import { z } from 'zod';
import { framePosition } from '../cursor.ts';
import { change } from './change.ts';

/**
 * A step of a workspace's feed: the changes of one transaction, or a part of a large one, in commit order.
 * Frames form a chain: each names the one before it, so a missing one is seen at once.
 */
export const frame = z.object({
  id: framePosition,
  /** Position of the workspace's frame before this one; `0-0` on the first of all. */
  prev: framePosition,
  changes: z.array(change),
  /** Checksum of the workspace after this frame, by which a client knows that it holds what the database holds. */
  sum: z.int().nonnegative().optional(),
  /** When it was committed, by the database's clock, in epoch milliseconds; of several that were merged, the first. */
  at: z.number().optional(),
  /** Its trace, where one is recorded. */
  trace: z.string().optional(),
});
export type Frame = z.infer<typeof frame>;
