import { CLOSE_CODES, type Hello, roleAllows } from '@meldesync/protocol';
import { recheckAccess } from './access-recheck.ts';
import type { ConnectionLink } from './connection-link.ts';
import { logByHand, logOpened } from './connection-log.ts';
import { beginGreeting, mayLock, welcome } from './connection-state.ts';
import { attend, holderOf } from './member-messages.ts';

/**
 * Tells a client that what it gets here is old, and how old; nothing while it is current. One that comes from a node that heard
 * nothing is told so too where it is too early to say: it has waited already.
 */
export function tellFreshness(link: ConnectionLink): void {
  const { state, ageMs } = link.context.freshness;
  const hasWaited = link.state.name === 'welcomed' && link.state.stays;
  if (state !== 'stale' && !(state === 'starting' && hasWaited)) return;
  logByHand(link, link.state, 'stale');
  link.send({ type: 'freshness', ageMs });
}

/** Notes what the client says of its time away. */
function comesBack(link: ConnectionLink, { after }: Hello, epoch: string): void {
  if (!after) return;
  const { runtime, onReconnect } = link.context;
  const { reason, awayMs } = after;
  const isTakingSnapshot = after.epoch !== undefined && after.epoch !== epoch;
  link.returning = { reason, awayMs, greetedAt: runtime.monotonicMs(), isTakingSnapshot };
  onReconnect(reason);
}

/** Finds out whether the client may be here, opens what it needs of the workspace, and bids it welcome. */
export async function greet(link: ConnectionLink, message: Hello): Promise<void> {
  const { context, identity } = link;
  const { roles, feeds, locks, presence } = context;
  link.change(beginGreeting);
  const access = await roles.find({
    workspaceId: message.workspace,
    userId: identity.userId,
    sessionId: identity.sessionId,
  });
  if (access.session === 'ended') return link.close(CLOSE_CODES.unauthenticated, 'session ended');
  if (access.session === 'needs-second-factor')
    return link.close(CLOSE_CODES.secondFactorNeeded, 'a second factor is needed');
  link.expiresAt = access.expiresAt;
  const { role } = access;
  if (role === undefined) return link.close(CLOSE_CODES.forbidden, 'not a member of this workspace');
  link.need(message.workspace);
  const feed = await feeds.open(message.workspace);
  await Promise.all([locks.open(message.workspace), presence.open(message.workspace)]);
  // The connection may have ended while Postgres and Redis were asked.
  const greeting = link.state;
  if (greeting.name !== 'greeting') return;
  const { workspace, client, instance = link.id, stays = false } = message;
  const state = link.change((before) => welcome(before, { workspace, client, instance, role, stays }));
  if (state.name !== 'welcomed') return;
  comesBack(link, message, feed.epoch);
  logOpened(link, state);
  attend(link, state, []);
  if (message.instance !== undefined && roleAllows(role, 'editor')) await locks.resume(holderOf(link, state));
  const current = link.state;
  if (current.name !== 'welcomed') return locks.closed(link.id, false);
  // The role may have changed meanwhile, and what was resumed after that was not there to be released.
  if (!mayLock(current)) locks.closed(link.id, true);
  const reports = context.path.reports(context.audience.count(workspace, 0) + 1);
  link.send({
    type: 'welcome',
    session: link.id,
    node: context.nodeName,
    user: identity.userId,
    role: current.role,
    epoch: feed.epoch,
    ...(reports && { reports }),
  });
  tellFreshness(link);
  if (greeting.isRecheckDue) await recheckAccess(link);
}
