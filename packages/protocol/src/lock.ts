import { z } from 'zod';

/** How many records one lock may cover: the halves of a case, with room for repeated reports. */
export const MAX_RECORDS_PER_LOCK = 20;

/** Times of a record lock (R2.3): it ends this long after the last sign of life of the client that holds it … */
export const LOCK_TTL_MS = 15_000;
/** … and this long after its connection was seen to close, unless the same client instance is back by then. */
export const LOCK_RESUME_MS = 10_000;

/** Names a client across its reconnects: made once by each tab or process, at random. */
export const instanceId = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/);

/** A lock as everyone in the workspace sees it (R1.4). */
export const recordLock = z.object({
  lock: z.uuid(),
  /** Internal ids of the records it covers: those of one case as the holder saw it. */
  records: z.array(z.int().positive()).min(1),
  /** User id of the holder. */
  user: z.string(),
  /** The holder's client. */
  instance: z.string(),
  /** When it was taken, ISO 8601 UTC. */
  since: z.string(),
  /** Milliseconds from now to its end while the holder is not heard of; null while the holder is there. */
  endsInMs: z.int().nonnegative().nullable(),
});
export type RecordLock = z.infer<typeof recordLock>;

/** Why a lock is gone. `taken-over`: the same person goes on in another window. */
export const lockEnd = z.enum(['released', 'expired', 'taken-away', 'taken-over']);
export type LockEnd = z.infer<typeof lockEnd>;

/** As a client reads it: gone for a reason that only a newer server knows is gone all the same (P44). */
export const receivedLockEnd = z.union([lockEnd, z.string().transform((): LockEnd => 'released')]);
