import { z } from 'zod';
import { role } from '../http/workspace.ts';

/** Answer to `hello`: who the server takes the client for, and where the feed stands. */
export const welcome = z.object({
  type: z.literal('welcome'),
  /** Id of this connection, for support and traces. */
  session: z.string(),
  /** Name of the node. */
  node: z.string(),
  user: z.string(),
  role,
  epoch: z.string().regex(/^[0-9a-f]{8}$/),
});
export type Welcome = z.infer<typeof welcome>;
