import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { members, user, workspaces } from '../../schema/index.ts';
import { membershipCounts } from '../counting-membership.ts';
import { ActRefusedError } from './act.ts';

/** The workspaces among these in which somebody may administer now. */
async function administered(tx: Executor, workspaceIds: readonly string[]): Promise<string[]> {
  if (workspaceIds.length === 0) return [];
  const rows = await tx
    .selectDistinct({ id: members.workspaceId })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(
      and(
        inArray(members.workspaceId, [...workspaceIds]),
        eq(members.role, 'admin'),
        membershipCounts,
        isNull(user.disabledAt),
        eq(user.kind, 'person'),
        isNull(workspaces.archivedAt),
      ),
    );
  return rows.map(({ id }) => id);
}

/**
 * Changes something about members, and throws `last-administrator` where a workspace had somebody who may administer before and has
 * nobody after. The workspaces are locked by who calls.
 */
export async function keepingAdministrators<Result>(
  tx: Executor,
  workspaceIds: readonly string[],
  change: () => Promise<Result>,
): Promise<Result> {
  const before = await administered(tx, workspaceIds);
  const result = await change();
  const after = new Set(await administered(tx, before));
  if (before.some((id) => !after.has(id))) throw new ActRefusedError('last-administrator');
  return result;
}

/** Throws `last-administrator` when nobody is left who administers the installation. `lockInstallation` comes before. */
export async function requireInstallationAdminLeft(tx: Executor): Promise<void> {
  const [found] = await tx
    .select({ id: user.id })
    .from(user)
    .where(and(user.isInstallationAdmin, isNull(user.disabledAt), eq(user.kind, 'person')))
    .limit(1);
  if (!found) throw new ActRefusedError('last-administrator');
}

/** Locks all workspaces that a person belongs to, for an act on their account; their ids. */
export async function lockWorkspacesOf(tx: Executor, userId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(
      inArray(workspaces.id, tx.select({ id: members.workspaceId }).from(members).where(eq(members.userId, userId))),
    )
    .orderBy(workspaces.id)
    .for('no key update');
  return rows.map(({ id }) => id);
}
