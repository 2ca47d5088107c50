import { z } from 'zod';
import { framePosition } from '../cursor.ts';

/**
 * Stands in the feed for all frames after `from` up to `to` (R3.5): too much to push. The client pulls them over HTTP at
 * its own pace; frames after `to` come without waiting for that.
 */
export const range = z.object({
  type: z.literal('range'),
  from: framePosition,
  to: framePosition,
  /** How many changes they hold, about: for a person to see. */
  changes: z.int().nonnegative(),
  /** The client begins to pull at a random moment within so many milliseconds (P62); at once where it is absent. */
  spreadMs: z.int().positive().max(60_000).optional(),
});
export type Range = z.infer<typeof range>;
