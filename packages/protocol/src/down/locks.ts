import { z } from 'zod';
import { receivedLockEnd, recordLock } from '../lock.ts';

/** The lock was granted; the others hear of it by `locks`. Asking again for the same records gives the same lock. */
export const lockGranted = z.object({ type: z.literal('lock-granted'), request: z.string(), lock: recordLock });
export type LockGranted = z.infer<typeof lockGranted>;

/** Someone else is editing; nothing was locked. */
export const lockHeld = z.object({
  type: z.literal('lock-held'),
  request: z.string(),
  /** Who; empty when it is not known yet. */
  locks: z.array(recordLock),
});
export type LockHeld = z.infer<typeof lockHeld>;

/** The lock is free. */
export const unlocked = z.object({ type: z.literal('unlocked'), request: z.string() });
export type Unlocked = z.infer<typeof unlocked>;

/** A lock that is gone. */
export const endedLock = z.object({
  lock: z.uuid(),
  reason: receivedLockEnd,
  /** Who took it away (`user:<id>`). */
  by: z.string().optional(),
});
export type EndedLock = z.infer<typeof endedLock>;

/**
 * The locks of the workspace: all of them before the first live frame (`full`), then what changes. One in `set` replaces
 * the one of the same id.
 */
export const locks = z.object({
  type: z.literal('locks'),
  full: z.boolean(),
  set: z.array(recordLock),
  ended: z.array(endedLock),
});
export type Locks = z.infer<typeof locks>;
