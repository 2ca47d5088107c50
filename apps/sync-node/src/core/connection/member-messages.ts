import type { Diverged, Edit, Lock, Report, TierMs } from '@meldesync/protocol';
import { watchedEdit } from '../../edits/watched-edit.ts';
import type { LockHolder } from '../../locks/node-locks.ts';
import { inTime } from '../in-time.ts';
import { EDIT_LIMIT_MS, LEAST_EDIT_MS } from '../limits.ts';
import { isServiceFailure } from '../service-failure.ts';
import type { LockAsked } from './connection-context.ts';
import type { ConnectionLink } from './connection-link.ts';
import { mayLock, type Welcomed } from './connection-state.ts';
import { answerLock, answerUnlock, type LockAnswer, lockAsked } from './lock-requests.ts';
import type { MemberMessage } from './message-route.ts';
import { subscribe } from './subscribing.ts';

/** What a message came in. */
interface MemberCircumstances {
  /** The pace in which the client gets changes; null where it refreshes by hand. */
  readonly followed: () => TierMs | null;
  /** Monotonic milliseconds. */
  readonly receivedAt: number;
}

/** Carries out what a member says. */
export async function handleMember(
  link: ConnectionLink,
  state: Welcomed,
  message: MemberMessage,
  { followed, receivedAt }: MemberCircumstances,
): Promise<void> {
  switch (message.type) {
    case 'subscribe':
      return subscribe(link, state, message, followed);
    case 'edit':
      return edit(link, state, message, receivedAt);
    case 'lock':
      return lock(link, state, message);
    case 'unlock':
      return link.send(await answerUnlock(link.context, { ...holderOf(link, state), role: state.role }, message));
    case 'attend':
      return attend(link, state, message.records);
    case 'report':
      return report(link, state, message);
    case 'diverged':
      return diverged(link, state, message);
  }
}

function report(link: ConnectionLink, { workspace }: Welcomed, message: Report): void {
  link.context.path.reported(message, { person: link.identity.userId, workspace, tierMs: link.tierMs });
}

/** The client mends itself with a snapshot; somebody is to know, once a connection, however often it says so. */
function diverged(link: ConnectionLink, { workspace, client }: Welcomed, { cursor }: Diverged): void {
  link.context.onDiverged(workspace);
  if (link.hasDiverged) return;
  link.hasDiverged = true;
  link.context.logger.event('client-diverged', { connection: link.id, workspace, cursor, ...client });
}

/** The connection as far as its locks are concerned. */
export function holderOf({ id, identity, origin }: ConnectionLink, { workspace, instance }: Welcomed): LockHolder {
  return { workspace, user: identity.userId, instance, connection: id, origin };
}

/** The person is there, and this is what they have open. */
export function attend(link: ConnectionLink, { workspace, client }: Welcomed, records: readonly number[]): void {
  link.context.presence.attend(workspace, link.id, { user: link.identity.userId, kind: client.kind, records });
}

/**
 * Each edit is checked against the person's role in its own transaction. One that is not answered in time may be carried out all the
 * same; its client sends it again under its operation id (P19).
 */
async function edit(link: ConnectionLink, state: Welcomed, message: Edit, receivedAt: number): Promise<void> {
  const { operation, items, traceparent } = message;
  const { runtime, performEdit, path, database, noteInput } = link.context;
  noteInput(link.identity);
  const waitedMs = runtime.monotonicMs() - receivedAt;
  const leftMs = EDIT_LIMIT_MS - waitedMs;
  const via = state.client.kind;
  const result = await watchedEdit(
    path,
    { traceparent, via, items: items.length, waitedMs, person: link.identity.userId, mayTell: true },
    (watch) => {
      const { workspace: workspaceId } = state;
      const performed = performEdit({
        workspaceId,
        userId: link.identity.userId,
        limits: link.identity,
        origin: link.origin,
        via,
        operation,
        items,
        watch,
      });
      return inTime(performed, Math.max(LEAST_EDIT_MS, leftMs), runtime);
    },
    (error) => isServiceFailure(error, database),
  );
  if ('refused' in result) link.refuse(result.refused, { operation });
  else link.send({ type: 'edited', operation, outcomes: result.outcomes });
}

async function lock(link: ConnectionLink, state: Welcomed, message: Lock): Promise<void> {
  const isWanted = () => mayLock(link.state);
  const { runtime, onLockAsked } = link.context;
  const askedAt = runtime.monotonicMs();
  let asked: LockAsked = 'failed';
  let answer: LockAnswer;
  try {
    answer = await answerLock(link.context, { ...holderOf(link, state), role: state.role }, message, isWanted);
    asked = lockAsked(answer);
  } finally {
    onLockAsked(asked, runtime.monotonicMs() - askedAt);
  }
  if (isWanted()) return link.send(answer);
  // A lock for a connection that ended meanwhile, or whose person may no longer edit, would stay until its time is over.
  link.context.locks.closed(link.id, true);
  link.refuse('forbidden', { request: message.request });
}
