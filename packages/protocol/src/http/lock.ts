import { z } from 'zod';
import { recordLock } from '../lock.ts';
import { readableList } from '../readable-list.ts';

/** `GET …/locks`. A lock is taken over the WebSocket alone, for it lives by the heartbeat. */
export const lockList = z.object({ locks: z.array(recordLock) });
export type LockList = z.infer<typeof lockList>;

/** The same as a client reads it. */
export const receivedLockList = z.object({ locks: readableList(recordLock) });
