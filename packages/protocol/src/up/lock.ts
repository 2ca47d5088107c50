import { z } from 'zod';
import { MAX_RECORDS_PER_LOCK } from '../lock.ts';

/** Names a question, so that its answer can be told from others on the connection. */
const requestId = z.string().min(1).max(64);

/**
 * Asks for a lock on all of the records or none (R1.4). Answered by `lock-granted` or `lock-held`, or by `error`. Who
 * holds some of them already in another window takes them over, unless they say otherwise.
 */
export const lock = z.object({
  type: z.literal('lock'),
  request: requestId,
  records: z.array(z.int().positive()).min(1).max(MAX_RECORDS_PER_LOCK),
  /** What the same person holds with another client is held against this one as anybody's is (P31). */
  keepsOwn: z.boolean().optional(),
});
export type Lock = z.infer<typeof lock>;

/** Gives a lock back; an admin may end another person's. Answered by `unlocked` or `error`. */
export const unlock = z.object({ type: z.literal('unlock'), request: requestId, lock: z.uuid() });
export type Unlock = z.infer<typeof unlock>;
