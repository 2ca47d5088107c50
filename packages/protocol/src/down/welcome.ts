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
  /** What the server wants to hear of what the client sees (P50); nothing where it is absent. */
  reports: z
    .object({
      /** Share of frames of which the client tells when it had applied them. */
      applied: z.number().min(0).max(1),
      /** Share of its edits that begin a trace; absent where nobody records traces. */
      traces: z.number().min(0).max(1).optional(),
    })
    .optional(),
});
export type Welcome = z.infer<typeof welcome>;
