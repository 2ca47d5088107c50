import { CLOSE_CODES, roleAllows } from '@meldesync/protocol';
import type { ConnectionLink } from './connection-link.ts';
import { changeRole, doubtAccess } from './connection-state.ts';

/** Looks up again whether a client may be here, and with which role; ends its connection when it may not. */
export async function recheckAccess(link: ConnectionLink): Promise<void> {
  const { context, identity } = link;
  const state = link.change(doubtAccess);
  if (state.name !== 'welcomed') {
    if (link.expiresAt <= context.runtime.now()) link.close(CLOSE_CODES.unauthenticated, 'session ended');
    return;
  }
  const access = await context.database.sessionRole({
    workspaceId: state.workspace,
    userId: identity.userId,
    sessionId: identity.sessionId,
  });
  if (access.session === 'ended') return link.close(CLOSE_CODES.unauthenticated, 'session ended');
  if (access.session === 'needs-second-factor')
    return link.close(CLOSE_CODES.secondFactorNeeded, 'a second factor is needed');
  link.expiresAt = access.expiresAt;
  const { role } = access;
  if (role === undefined) return link.close(CLOSE_CODES.forbidden, 'no longer a member');
  const before = link.state;
  link.change((current) => changeRole(current, role));
  if (before.name === 'welcomed' && before.role !== role) link.send({ type: 'role', role });
  if (!roleAllows(role, 'editor')) context.locks.closed(link.id, true, 'role-changed');
}
