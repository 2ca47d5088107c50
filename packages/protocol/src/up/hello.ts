import { z } from 'zod';
import { instanceId } from '../lock.ts';

/** First message of every connection; anything else first closes it with 4400. */
export const hello = z.object({
  type: z.literal('hello'),
  /** Workspace the client wants to follow; a connection follows exactly one. In lower case: its id is a key, as text. */
  workspace: z.uuid().lowercase(),
  /** The client across reconnects; its locks wait for it for a short while (R2.3). Without it they cannot. */
  instance: instanceId.optional(),
  client: z.object({ kind: z.enum(['web', 'cli', 'api']), version: z.string().max(32) }),
});
export type Hello = z.infer<typeof hello>;
