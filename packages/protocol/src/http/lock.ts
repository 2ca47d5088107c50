import { z } from 'zod';
import { recordLock } from '../lock.ts';

/** `GET …/locks`. A lock is taken over the WebSocket alone, for it lives by the heartbeat. */
export const lockList = z.object({ locks: z.array(recordLock) });
export type LockList = z.infer<typeof lockList>;
