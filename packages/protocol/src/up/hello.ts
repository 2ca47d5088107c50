import { z } from 'zod';
import { instanceId } from '../lock.ts';

/** What a client may be, as far as this version knows. */
const CLIENT_KINDS = ['web', 'cli', 'api'] as const;
type ClientKind = (typeof CLIENT_KINDS)[number];

/** Whether this version has a name for that kind of client; one that it has not is shown as it is (P44). */
export function isClientKind(kind: string): kind is ClientKind {
  return (CLIENT_KINDS as readonly string[]).includes(kind);
}

/** First message of every connection; anything else first closes it with 4400. */
export const hello = z.object({
  type: z.literal('hello'),
  /** Workspace the client wants to follow; a connection follows exactly one. In lower case: its id is a key, as text. */
  workspace: z.uuid().lowercase(),
  /** The client across reconnects; its locks wait for it for a short while (R2.3). Without it they cannot. */
  instance: instanceId.optional(),
  /** A node that did not hear what happens has sent it away: it is kept wherever it comes, and told so (P49). */
  stays: z.boolean().optional(),
  client: z.object({ kind: z.enum(CLIENT_KINDS), version: z.string().max(32) }),
});
export type Hello = z.infer<typeof hello>;
