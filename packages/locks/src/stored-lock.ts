import { LOCK_TTL_MS, lockEnd } from '@meldesync/protocol';
import { z } from 'zod';

/** The last moment that a `Date` can be. */
const LAST_MOMENT_MS = 8.64e15;
/** Far more than any release lets a lock live, and as long as a timer can wait. */
const MOST_LIFE_MS = 10 * LOCK_TTL_MS;

/**
 * When Redis wrote or ended a lock, in microseconds by its clock: what was written before does not count any more, however late it is
 * heard. Nodes of before say none.
 */
const redisTime = z
  .string()
  .regex(/^\d{1,20}$/)
  .optional();

/** A lock as the directory keeps it. The token and the connection never leave the nodes. */
export const storedLock = z.object({
  lock: z.uuid(),
  /** Value of the mutex keys: who knows it may extend and release them. */
  token: z.string(),
  records: z.array(z.int().positive()).min(1),
  user: z.string(),
  instance: z.string(),
  /** The connection that keeps it alive. */
  connection: z.string(),
  /** Epoch milliseconds. */
  since: z.number().min(0).max(LAST_MOMENT_MS),
  /** The connection is gone, and its client has until the end to come back. */
  orphaned: z.boolean(),
  writtenAt: redisTime,
});
export type StoredLock = z.infer<typeof storedLock>;

/** Whether the one time of Redis is known to lie before the other. */
export function isBefore(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && Number(one) < Number(other);
}

/** A lock and how long it lives if nothing is heard of its holder. */
export interface LivingLock extends StoredLock {
  readonly endsInMs: number;
}

/** What the nodes hear of each other's locks. */
export const lockEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lock-set'), lock: storedLock, endsInMs: z.number().min(0).max(MOST_LIFE_MS) }),
  z.object({
    kind: z.literal('lock-ended'),
    lock: z.uuid(),
    reason: lockEnd,
    by: z.string().optional(),
    at: redisTime,
  }),
]);
export type LockEvent = z.infer<typeof lockEvent>;
