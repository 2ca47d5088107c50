import type { Role } from '@meldesync/protocol';
import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { invitations, members, workspaces } from '../../schema/index.ts';
import { recordEvent } from '../administration/act.ts';
import { lockWorkspace } from '../administration/authority.ts';
import { inviterMayInvite } from '../administration/inviter.ts';

/** An invitation that may be taken up. */
export interface OpenInvitation {
  readonly id: string;
  readonly workspaceId: string;
  /** What whoever invited calls the person. */
  readonly name: string | null;
  readonly role: Role;
  readonly memberExpiresAt: Date | null;
}

/** The open invitations of an address into workspaces that are open, the first of them first. The workspaces and they are locked. */
export async function lockOpenInvitations(tx: Executor, email: string | undefined): Promise<OpenInvitation[]> {
  if (email === undefined) return [];
  const found = await findOpenInvitations(tx, email);
  for (const id of new Set(found.map(({ workspaceId }) => workspaceId).toSorted())) await lockWorkspace(tx, id);
  // They may have been accepted or taken back until the workspaces were free, and are not from now on.
  return found.length === 0 ? [] : findOpenInvitations(tx, email).for('update', { of: invitations });
}

function findOpenInvitations(tx: Executor, email: string) {
  return tx
    .select({
      id: invitations.id,
      workspaceId: invitations.workspaceId,
      name: invitations.name,
      role: invitations.role,
      memberExpiresAt: invitations.memberExpiresAt,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .where(
      and(
        eq(invitations.email, email),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, sql`now()`),
        sql`(${invitations.memberExpiresAt} is null or ${invitations.memberExpiresAt} > now())`,
        isNull(workspaces.archivedAt),
        inviterMayInvite,
      ),
    )
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
}

/** Takes invitations up for the person of their address. Who is a member already stays what they are. */
export async function takeInvitations(
  tx: Executor,
  taken: { userId: string; invitations: readonly OpenInvitation[]; address: string | null },
): Promise<void> {
  const { userId, address } = taken;
  if (taken.invitations.length === 0) return;
  await tx
    .update(invitations)
    .set({ acceptedAt: sql`now()`, acceptedBy: userId })
    .where(
      inArray(
        invitations.id,
        taken.invitations.map(({ id }) => id),
      ),
    );
  for (const { id, workspaceId, role, memberExpiresAt } of taken.invitations) {
    await tx.insert(members).values({ workspaceId, userId, role, expiresAt: memberExpiresAt }).onConflictDoNothing();
    await recordEvent(
      tx,
      { actor: `user:${userId}`, sessionId: null, address },
      {
        kind: 'invitation-accepted',
        workspaceId,
        subject: `user:${userId}`,
        after: { invitation: id, role, ...(memberExpiresAt ? { expiresAt: memberExpiresAt } : {}) },
      },
    );
  }
}
