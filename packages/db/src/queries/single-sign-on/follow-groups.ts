import type { GroupRole } from '@meldesync/config';
import type { Role } from '@meldesync/protocol';
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { members, user, workspaces } from '../../schema/index.ts';
import { ActRefusedError, recordEvent, SYSTEM } from '../administration/act.ts';
import { lockWorkspace } from '../administration/authority.ts';
import { keepingAdministrators, requireInstallationAdminLeft } from '../administration/last-administrator.ts';
import { revokeInvitationsBy } from '../administration/revoke-invitations-by.ts';
import type { AdmissionPolicy, ProviderPerson } from './provider-person.ts';

/** What of the groups could not be followed. */
export interface FollowedGroups {
  /** Workspaces of the mapping that are not there, or whose name several have, as far as they matter for the person. */
  readonly unknownWorkspaces: readonly string[];
  /** Something stayed that no group gives any more: nobody would be left who may administer. */
  readonly isLastAdministrator: boolean;
}

interface Input {
  readonly userId: string;
  readonly person: ProviderPerson;
  readonly policy: AdmissionPolicy;
  readonly address: string | null;
}

/** From the weakest on; of several groups the strongest role counts. */
const STRENGTH: readonly Role[] = ['viewer', 'auditor', 'editor', 'admin'];

/**
 * Gives a person what their groups give, and takes away what groups gave and give no more. What an administrator gave by hand stays as
 * it is. Nobody is taken away who is the last to administer.
 */
export async function followGroups(tx: Executor, input: Input): Promise<FollowedGroups> {
  const { person, policy } = input;
  const groups = new Set(person.groups);
  const given = policy.groupRoles.filter(({ group }) => groups.has(group));
  const { roles, unknownWorkspaces } = await resolveWorkspaces(tx, given);
  let isLastAdministrator = false;
  for (const change of await findChanges(tx, input.userId, roles))
    isLastAdministrator = !(await apply(tx, input, change)) || isLastAdministrator;
  if (policy.adminGroup !== undefined)
    isLastAdministrator = !(await followAdminGroup(tx, input, groups.has(policy.adminGroup))) || isLastAdministrator;
  return { unknownWorkspaces, isLastAdministrator };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The role that is given in each workspace, by its id. What is an id means no name: who administers another workspace may call it so. */
async function resolveWorkspaces(tx: Executor, given: readonly GroupRole[]) {
  const roles = new Map<string, Role>();
  const unknownWorkspaces = new Set<string>();
  if (given.length === 0) return { roles, unknownWorkspaces: [] };
  const names = given.map(({ workspace }) => workspace);
  const found = await tx
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .where(
      and(
        or(inArray(workspaces.name, names), inArray(sql<string>`${workspaces.id}::text`, names)),
        isNull(workspaces.archivedAt),
      ),
    );
  for (const { workspace, role } of given) {
    const isId = UUID.test(workspace);
    const [meant, another] = found.filter(({ id, name }) => (isId ? id : name) === workspace);
    if (!meant || another) {
      unknownWorkspaces.add(workspace);
      continue;
    }
    const before = roles.get(meant.id);
    if (before === undefined || STRENGTH.indexOf(role) > STRENGTH.indexOf(before)) roles.set(meant.id, role);
  }
  return { roles, unknownWorkspaces: [...unknownWorkspaces] };
}

interface Change {
  readonly workspaceId: string;
  readonly before: Role | undefined;
  /** Undefined where the membership goes. */
  readonly after: Role | undefined;
}

/** In the order of the workspaces' ids, in which all lock them. */
async function findChanges(tx: Executor, userId: string, roles: ReadonlyMap<string, Role>): Promise<Change[]> {
  const held = await tx
    .select({ workspaceId: members.workspaceId, role: members.role, source: members.source })
    .from(members)
    .where(eq(members.userId, userId));
  const byHand = new Set(held.filter(({ source }) => source === 'manual').map(({ workspaceId }) => workspaceId));
  const fromGroups = new Map(held.flatMap((m) => (m.source === 'groups' ? [[m.workspaceId, m.role] as const] : [])));
  return [...new Set([...roles.keys(), ...fromGroups.keys()])]
    .filter((workspaceId) => !byHand.has(workspaceId))
    .map((workspaceId) => ({ workspaceId, before: fromGroups.get(workspaceId), after: roles.get(workspaceId) }))
    .filter(({ before, after }) => before !== after)
    .toSorted((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
}

/** False when the workspace would be left without an administrator: then nothing of it has happened. */
async function apply(tx: Executor, { userId, address }: Input, change: Change): Promise<boolean> {
  const { workspaceId, before, after } = change;
  return unlessLast(tx, async (inner) => {
    await lockWorkspace(inner, workspaceId);
    const row = and(eq(members.workspaceId, workspaceId), eq(members.userId, userId), eq(members.source, 'groups'));
    await keepingAdministrators(inner, [workspaceId], async () => {
      if (after === undefined) await inner.delete(members).where(row);
      else if (before === undefined)
        await inner.insert(members).values({ workspaceId, userId, role: after, source: 'groups' });
      else
        await inner
          .update(members)
          .set({ role: after, version: sql`${members.version} + 1` })
          .where(row);
    });
    const author = { ...SYSTEM, address };
    await recordEvent(inner, author, {
      kind: after === undefined ? 'member-removed' : before === undefined ? 'member-added' : 'member-changed',
      workspaceId,
      subject: `user:${userId}`,
      ...(before === undefined ? {} : { before: { role: before } }),
      after: { ...(after === undefined ? {} : { role: after }), source: 'groups' },
    });
    if (before === 'admin') await revokeInvitationsBy(inner, author, { userId });
  });
}

/** Whoever became administrator by hand stays it. False when nobody else would be left. */
async function followAdminGroup(tx: Executor, { userId, address }: Input, isInGroup: boolean): Promise<boolean> {
  const [now] = await tx
    .select({ isAdmin: user.isInstallationAdmin, source: user.adminSource })
    .from(user)
    .where(eq(user.id, userId));
  if (!now || now.isAdmin === isInGroup || (now.isAdmin && now.source === 'manual')) return true;
  return unlessLast(tx, async (inner) => {
    await inner
      .update(user)
      .set({ isInstallationAdmin: isInGroup, adminSource: isInGroup ? 'groups' : 'manual' })
      .where(eq(user.id, userId));
    if (!isInGroup) await requireInstallationAdminLeft(inner);
    const author = { ...SYSTEM, address };
    await recordEvent(inner, author, {
      kind: 'account-changed',
      subject: `user:${userId}`,
      before: { isInstallationAdmin: now.isAdmin },
      after: { isInstallationAdmin: isInGroup, source: 'groups' },
    });
    if (!isInGroup) await revokeInvitationsBy(inner, author, { userId });
  });
}

/** Does something in a part of the transaction, which is undone when nobody would be left who may administer. */
async function unlessLast(tx: Executor, act: (inner: Executor) => Promise<void>): Promise<boolean> {
  try {
    await tx.transaction(act);
    return true;
  } catch (error) {
    if (error instanceof ActRefusedError && error.code === 'last-administrator') return false;
    throw error;
  }
}
