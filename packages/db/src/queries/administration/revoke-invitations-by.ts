import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { invitations } from '../../schema/index.ts';
import { type Administrator, recordEvent } from './act.ts';

/**
 * Takes back what somebody invited to and nobody has accepted yet, each with its event: who may not administer any more comes back by no
 * link of their own. In these workspaces; in all for null.
 */
export async function revokeInvitationsBy(
  tx: Executor,
  administrator: Administrator,
  { userId, workspaceIds }: { readonly userId: string; readonly workspaceIds: readonly string[] | null },
): Promise<void> {
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(invitations.createdBy, userId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        ...(workspaceIds === null ? [] : [inArray(invitations.workspaceId, [...workspaceIds])]),
      ),
    )
    .returning({
      id: invitations.id,
      workspaceId: invitations.workspaceId,
      email: invitations.email,
      role: invitations.role,
    });
  for (const { id, workspaceId, email, role } of revoked)
    await recordEvent(tx, administrator, {
      kind: 'invitation-revoked',
      workspaceId,
      subject: `invitation:${id}`,
      before: { email, role },
    });
}
