import type { AwayReason, TierMs } from '@meldesync/protocol';
import type { Closed } from '../closed-by.ts';
import type { Identity } from '../identity.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { ConnectionState, Welcomed } from './connection-state.ts';

/** How a client got what it missed. */
export type WayBack = 'nothing' | 'memory' | 'stream' | 'range';

/** A client that was here before and is not live yet. */
export interface Returning {
  /** What had ended its connection, and for how long it was away when it said hello, as it says itself. */
  readonly reason: AwayReason;
  readonly awayMs: number;
  /** When it said hello, in monotonic milliseconds. */
  readonly greetedAt: number;
  /** What it has is no longer to be continued. */
  isTakingSnapshot: boolean;
}

/** How a connection does, as far as this node knows. */
export interface ConnectionQuality {
  readonly bufferedBytes: number;
  /** As the client measured it last; 0 while it has said nothing. */
  readonly roundTripMs: number;
  readonly applyLagMs: number;
}

/** What is logged of a connection. */
export interface LoggedConnection {
  readonly id: string;
  readonly identity: Pick<Identity, 'userId'>;
  readonly context: Pick<ConnectionContext, 'logger' | 'runtime' | 'freshness' | 'onClosed'>;
  /** Until its client is live again, where it was here before. */
  returning: Returning | undefined;
  /** How far apart its client gets changes, in milliseconds. */
  readonly tierMs: TierMs;
  /** How it does now; once it is over, how it did last. */
  readonly quality: ConnectionQuality;
  /** When it began, in monotonic milliseconds. */
  readonly openedAt: number;
}

/** The client is a member of the workspace (R5.3). */
export function logOpened(link: LoggedConnection, state: Welcomed): void {
  const { logger, freshness } = link.context;
  logger.event('connection-opened', { ...clientOf(link, state), ageMs: freshness.ageMs });
}

/** The client is live; said of one that was here before. */
export function logBack(link: LoggedConnection, state: ConnectionState, how: WayBack): void {
  const { returning, context } = link;
  link.returning = undefined;
  if (!returning || state.name !== 'welcomed') return;
  const { reason, awayMs, greetedAt, isTakingSnapshot } = returning;
  context.logger.event('connection-back', {
    ...clientOf(link, state),
    reason,
    afterMs: Math.round(awayMs + context.runtime.monotonicMs() - greetedAt),
    how: isTakingSnapshot ? 'snapshot' : how,
  });
}

/** The client gets changes further apart than before, or less far. */
export function logPaced(link: LoggedConnection, { workspace, instance }: Welcomed, beforeMs: TierMs): void {
  const { id: connection, identity, tierMs, quality } = link;
  link.context.logger.event(tierMs > beforeMs ? 'connection-degraded' : 'connection-improved', {
    connection,
    user: identity.userId,
    workspace,
    instance,
    beforeMs,
    tierMs,
    ...quality,
  });
}

/** The connection is over; `state` is what it was before. */
export function logClosed(link: LoggedConnection, state: ConnectionState, { code, by }: Closed): void {
  const { id: connection, identity, tierMs, quality, openedAt, context } = link;
  context.logger.event('connection-closed', {
    ...(state.name === 'welcomed' ? clientOf(link, state) : { connection, user: identity.userId }),
    code,
    by,
    tierMs,
    ...quality,
    openMs: Math.round(context.runtime.monotonicMs() - openedAt),
    ageMs: context.freshness.ageMs,
  });
  context.onClosed({ code, by });
}

function clientOf({ id, identity }: LoggedConnection, { workspace, client, instance }: Welcomed) {
  return { connection: id, user: identity.userId, workspace, ...client, instance };
}
