import { z } from 'zod';
import { instanceId } from '../lock.ts';

/** What a client may be, as far as this version knows. */
const CLIENT_KINDS = ['web', 'cli', 'api'] as const;
type ClientKind = (typeof CLIENT_KINDS)[number];

/** Whether this version has a name for that kind of client; one that it has not is shown as it is (P44). */
export function isClientKind(kind: string): kind is ClientKind {
  return (CLIENT_KINDS as readonly string[]).includes(kind);
}

/** What may have ended a client's connection, in its own eyes. */
const AWAY_REASONS = ['closed', 'silence', 'offline', 'stale', 'drain', 'slow', 'other'] as const;
export type AwayReason = (typeof AWAY_REASONS)[number];

/** What a client says that was live before: for the log alone, so what cannot be read of it costs nothing (P51). */
const away = z.object({
  /** A word that this version does not know is `other`. */
  reason: z.enum(AWAY_REASONS).catch('other'),
  /** From the end of that connection until this message. */
  awayMs: z.number().nonnegative(),
  /** Epoch of the feed that its copy is of. */
  epoch: z.string().max(32).optional(),
});
export type Away = z.infer<typeof away>;

/** First message of every connection; anything else first closes it with 4400. */
export const hello = z.object({
  type: z.literal('hello'),
  /** Workspace the client wants to follow; a connection follows exactly one. In lower case: its id is a key, as text. */
  workspace: z.uuid().lowercase(),
  /** The client across reconnects; its locks wait for it for a short while (R2.3). Without it they cannot. */
  instance: instanceId.optional(),
  /** A node that did not hear what happens has sent it away: it is kept wherever it comes, and told so (P49). */
  stays: z.boolean().optional(),
  /** What had ended the client's connection before, and for how long it was away (R5.3). */
  after: away.optional().catch(undefined),
  client: z.object({ kind: z.enum(CLIENT_KINDS), version: z.string().max(32) }),
});
export type Hello = z.infer<typeof hello>;
