import type { Origin } from '@meldesync/db';
import type { AwayReason, TierMs } from '@meldesync/protocol';
import { noticeOf } from '../../audit/trail.ts';
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

/** How a client comes by changes: they come to it, at its pace, or its person refreshes by hand (R4.3). */
export type ConnectionMode = 'live' | 'manual';

/** What is logged of a connection, and put on record. */
export interface LoggedConnection {
  readonly id: string;
  readonly identity: Pick<Identity, 'userId'>;
  readonly origin: Origin;
  readonly context: Pick<ConnectionContext, 'logger' | 'trail' | 'nodeName' | 'runtime' | 'freshness' | 'onClosed'>;
  /** Until its client is live again, where it was here before. */
  returning: Returning | undefined;
  /** How far apart its client gets changes, in milliseconds. */
  readonly tierMs: TierMs;
  /** Whether its client gets changes as they come, or refreshes by hand. */
  mode: ConnectionMode;
  /** How it does now; once it is over, how it did last. */
  readonly quality: ConnectionQuality;
  /** When it began, in monotonic milliseconds. */
  readonly openedAt: number;
}

/** The client is a member of the workspace (R5.3). */
export function logOpened(link: LoggedConnection, state: Welcomed): void {
  const { logger, freshness, nodeName } = link.context;
  logger.event('connection-opened', { ...clientOf(link, state), ageMs: freshness.ageMs });
  const { client, instance } = state;
  const { reason: back, awayMs } = link.returning ?? {};
  note(link, state, {
    kind: 'connection-opened',
    after: {
      client: client.kind,
      // What no text of Postgres can be must not keep the entry from being written.
      clientVersion: client.version.replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}'),
      instance,
      node: nodeName,
      ...(back !== undefined && { back, awayMs }),
    },
  });
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
export function logPaced(link: LoggedConnection, state: Welcomed, beforeMs: TierMs): void {
  const { id: connection, identity, tierMs, quality } = link;
  const { workspace, instance } = state;
  const kind = tierMs > beforeMs ? 'connection-degraded' : 'connection-improved';
  link.context.logger.event(kind, {
    connection,
    user: identity.userId,
    workspace,
    instance,
    beforeMs,
    tierMs,
    ...quality,
  });
  note(link, state, { kind, before: { tierMs: beforeMs }, after: { tierMs, ...quality } });
}

/** Its person refreshes by hand from now on: the cluster saves work, or this node does not hear what happens (R4.3). */
export function logByHand(link: LoggedConnection, state: ConnectionState, reason: 'level' | 'stale'): void {
  if (state.name !== 'welcomed' || link.mode === 'manual') return;
  link.mode = 'manual';
  const { workspace, instance } = state;
  const connection = { connection: link.id, user: link.identity.userId, workspace, instance };
  link.context.logger.event('connection-by-hand', { ...connection, reason });
  note(link, state, { kind: 'connection-degraded', before: { mode: 'live' }, after: { mode: 'manual', reason } });
}

/** Changes come to it again. */
export function logFed(link: LoggedConnection, state: ConnectionState): void {
  if (state.name !== 'welcomed' || link.mode === 'live') return;
  link.mode = 'live';
  const { workspace, instance } = state;
  link.context.logger.event('connection-fed', { connection: link.id, user: link.identity.userId, workspace, instance });
  note(link, state, { kind: 'connection-improved', before: { mode: 'manual' }, after: { mode: 'live' } });
}

/** The connection is over; `state` is what it was before. */
export function logClosed(link: LoggedConnection, state: ConnectionState, { code, by }: Closed): void {
  const { id: connection, identity, tierMs, quality, openedAt, context } = link;
  const openMs = Math.round(context.runtime.monotonicMs() - openedAt);
  context.logger.event('connection-closed', {
    ...(state.name === 'welcomed' ? clientOf(link, state) : { connection, user: identity.userId }),
    code,
    by,
    tierMs,
    ...quality,
    openMs,
    ageMs: context.freshness.ageMs,
  });
  note(link, state, {
    kind: by === 'line' ? 'connection-lost' : 'connection-closed',
    after: { code, by, openMs, node: context.nodeName, tierMs, ...quality },
  });
  context.onClosed({ code, by });
}

type Noted = Pick<Parameters<typeof noticeOf>[2], 'kind' | 'before' | 'after'>;

function note(link: LoggedConnection, state: ConnectionState, happened: Noted): void {
  const workspace = state.name === 'welcomed' ? state.workspace : null;
  const subject = `connection:${link.id}`;
  link.context.trail.note(noticeOf(link.identity.userId, link.origin, { ...happened, workspace, subject }));
}

function clientOf({ id, identity }: LoggedConnection, { workspace, client, instance }: Welcomed) {
  return { connection: id, user: identity.userId, workspace, ...client, instance };
}
