import { and, eq, isNull, notExists, or, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { invitations, members, user } from '../../schema/index.ts';
import { membershipCounts } from '../counting-membership.ts';
import { type Author, recordEvents } from './act.ts';

/**
 * Takes back what somebody invited to and nobody has accepted yet, each with its event: who may not administer any more comes back by no
 * link of their own. Everywhere where they may not administer now; where their account is to be deleted, everywhere.
 */
export async function revokeInvitationsBy(
  tx: Executor,
  author: Author,
  { userId, isDeleted = false }: { readonly userId: string; readonly isDeleted?: boolean },
): Promise<void> {
  const own = and(
    eq(members.workspaceId, invitations.workspaceId),
    eq(members.userId, userId),
    eq(members.role, 'admin'),
    membershipCounts,
  );
  const mayInvite = tx
    .select({ id: user.id })
    .from(user)
    .leftJoin(members, own)
    .where(and(eq(user.id, userId), isNull(user.disabledAt), or(user.isInstallationAdmin, eq(members.userId, userId))));
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(invitations.createdBy, userId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        isDeleted ? undefined : notExists(mayInvite),
      ),
    )
    .returning({
      id: invitations.id,
      workspaceId: invitations.workspaceId,
      email: invitations.email,
      role: invitations.role,
    });
  await recordEvents(
    tx,
    author,
    revoked.map(({ id, workspaceId, email, role }) => ({
      kind: 'invitation-revoked',
      workspaceId,
      subject: `invitation:${id}`,
      before: { email, role },
    })),
  );
}
