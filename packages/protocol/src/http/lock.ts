import { z } from 'zod';
import { instanceId, MAX_RECORDS_PER_LOCK, recordLock } from '../lock.ts';
import { readableList } from '../readable-list.ts';

/** `GET …/locks` */
export const lockList = z.object({ locks: z.array(recordLock) });
export type LockList = z.infer<typeof lockList>;

/**
 * `POST …/locks`: for who has no WebSocket that would keep a lock alive. `instance` names the client: where it asks for the same records again
 * it has the same lock; without it each request is a client of its own.
 */
export const lockRequest = z.strictObject({
  records: z.array(z.int().positive()).min(1).max(MAX_RECORDS_PER_LOCK),
  instance: instanceId.optional(),
});
export type LockRequest = z.infer<typeof lockRequest>;

/** A lock that was taken over HTTP, as its holder gets it, and again with each renewal. */
export const leasedLock = recordLock.extend({
  /** Milliseconds from now to its end, unless it is renewed. */
  endsInMs: z.int().nonnegative(),
  /**
   * What the records are at now, for `If-Match`. It is the version that keeps out who goes on writing after their lock has ended, for it goes up
   * with whatever anybody else writes.
   */
  versions: z.array(z.object({ record: z.int().positive(), version: z.int().positive() })),
});
export type LeasedLock = z.infer<typeof leasedLock>;

/** The same as a client reads it. */
export const receivedLockList = z.object({ locks: readableList(recordLock) });
