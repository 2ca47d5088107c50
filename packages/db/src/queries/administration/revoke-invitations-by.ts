import { and, eq, isNull, not, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { invitations } from '../../schema/index.ts';
import { type Author, recordEvents } from './act.ts';
import { inviterMayInvite } from './inviter.ts';

/**
 * Takes back what somebody invited to and nobody has accepted yet, each with its event: who may not administer any more comes back by no
 * link of their own. Everywhere where they may not administer now; where their account is to be deleted, everywhere.
 */
export async function revokeInvitationsBy(
  tx: Executor,
  author: Author,
  { userId, isDeleted = false }: { readonly userId: string; readonly isDeleted?: boolean },
): Promise<void> {
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(invitations.createdBy, userId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        isDeleted ? undefined : not(inviterMayInvite),
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
