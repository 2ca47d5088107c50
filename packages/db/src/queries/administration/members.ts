import { type AdministeredMember, type AdministrationEventKind, type Role, roleAllows } from '@meldesync/protocol';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { events, members, session, user } from '../../schema/index.ts';
import type { EndedImport } from '../cancel-import.ts';
import { pauseImportsOf } from '../pause-import.ts';
import { ActRefusedError, type Administrator, differenceOf, isoOf, oneRow, recordEvent } from './act.ts';
import { beginWorkspaceAct, requireWorkspaceAdmin } from './authority.ts';
import { keepingAdministrators } from './last-administrator.ts';
import { revokeInvitationsBy } from './revoke-invitations-by.ts';

/** When a session of an account was last used; where none is left, when the last one began. */
export const lastSeen = sql<string | null>`greatest(
  (select max(used.last_input_at) from ${session} used where used.user_id = ${user}.id),
  (select begun.at from ${events} begun where begun.subject = 'user:' || ${user}.id and begun.kind = 'sign-in'
   order by begun.id desc limit 1))`;

/** Members as their administrators see them, by name. */
export async function readMembers(executor: Executor, condition: SQL | undefined): Promise<AdministeredMember[]> {
  const rows = await executor
    .select({
      id: user.id,
      name: user.name,
      email: user.email,
      kind: user.kind,
      disabledAt: user.disabledAt,
      member: members,
      lastSeenAt: lastSeen,
    })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(condition)
    .orderBy(asc(user.name), asc(user.id));
  return rows.map(({ member, disabledAt, lastSeenAt, ...person }) => ({
    ...person,
    role: member.role,
    createdAt: member.createdAt.toISOString(),
    expiresAt: isoOf(member.expiresAt),
    suspendedAt: isoOf(member.suspendedAt),
    isDisabled: disabledAt !== null,
    lastSeenAt: lastSeenAt === null ? null : new Date(lastSeenAt).toISOString(),
    version: member.version,
  }));
}

/** One of the workspace's members; throws `member-not-found`. */
export async function readMember(executor: Executor, workspaceId: string, userId: string): Promise<AdministeredMember> {
  const [found] = await readMembers(executor, and(eq(members.workspaceId, workspaceId), eq(members.userId, userId)));
  if (!found) throw new ActRefusedError('member-not-found');
  return found;
}

/** Everybody in a workspace, for who administers it. */
export async function listAdministeredMembers(
  executor: Executor,
  administrator: Administrator,
  workspaceId: string,
): Promise<AdministeredMember[]> {
  await requireWorkspaceAdmin(executor, administrator, workspaceId, { isFresh: false });
  return readMembers(executor, eq(members.workspaceId, workspaceId));
}

/** No answer and no column says a later year in four digits. */
const LATEST_MS = Date.UTC(10_000, 0);

/** Throws `expiry-invalid` for an end that has passed, or that nobody can write down. */
export function requireFuture(moment: Date | null | undefined): void {
  if (moment && !(moment.getTime() > Date.now() && moment.getTime() < LATEST_MS))
    throw new ActRefusedError('expiry-invalid');
}

/** Puts somebody in who has an account; who calls has locked the workspace. Throws `already-member`. */
export async function insertMember(
  tx: Executor,
  input: { workspaceId: string; userId: string; role: Role; expiresAt: Date | null },
): Promise<void> {
  const inserted = await tx.insert(members).values(input).onConflictDoNothing().returning({ id: members.userId });
  if (inserted.length === 0) throw new ActRefusedError('already-member');
}

/** Takes a person who has an account into a workspace: for administrators of the installation, who know the accounts. */
export async function addMember(
  database: Database,
  administrator: Administrator,
  input: { workspaceId: string; userId: string; role: Role; expiresAt: Date | null },
): Promise<AdministeredMember> {
  const { workspaceId, userId, role, expiresAt } = input;
  requireFuture(expiresAt);
  return database.drizzle.transaction(async (tx) => {
    const { isForAll } = await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    // Whoever administers one workspace invites: they are not to find out who else has an account.
    if (!isForAll) throw new ActRefusedError('forbidden');
    const [person] = await tx.select({ kind: user.kind }).from(user).where(eq(user.id, userId));
    if (person?.kind !== 'person') throw new ActRefusedError('account-not-found');
    await insertMember(tx, { workspaceId, userId, role, expiresAt });
    await recordEvent(tx, administrator, {
      kind: 'member-added',
      workspaceId,
      subject: `user:${userId}`,
      after: { role, ...(expiresAt ? { expiresAt } : {}) },
    });
    return readMember(tx, workspaceId, userId);
  });
}

/** What is to be of a membership. */
export interface MemberChange {
  readonly role?: Role | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly isSuspended?: boolean | undefined;
}

type MemberRow = typeof members.$inferSelect;

/** Changes role and end of a membership, or suspends it. */
export async function changeMember(
  database: Database,
  administrator: Administrator,
  input: MemberChange & { readonly workspaceId: string; readonly userId: string; readonly version: number },
): Promise<{ member: AdministeredMember; ended: EndedImport[] }> {
  const { workspaceId, userId, version, role, expiresAt, isSuspended } = input;
  requireFuture(expiresAt);
  return database.drizzle.transaction(async (tx) => {
    // To shut somebody out is never to wait for a password.
    const isFresh = role !== undefined || expiresAt !== undefined || isSuspended === false;
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh });
    const now = await findMember(tx, workspaceId, userId);
    if (now.version !== version) throw new ActRefusedError('changed-meanwhile');
    if (role !== undefined) await requireRoleOfKind(tx, userId, role);
    const difference = differenceOf(
      { role: now.role, expiresAt: isoOf(now.expiresAt), isSuspended: now.suspendedAt !== null },
      {
        ...(role === undefined ? {} : { role }),
        ...(expiresAt === undefined ? {} : { expiresAt: isoOf(expiresAt) }),
        ...(isSuspended === undefined ? {} : { isSuspended }),
      },
    );
    if (!difference) return { member: await readMember(tx, workspaceId, userId), ended: [] };
    await keepingAdministrators(tx, [workspaceId], () =>
      tx
        .update(members)
        .set({
          ...(role === undefined ? {} : { role }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(difference.after.isSuspended === undefined ? {} : { suspendedAt: isSuspended ? sql`now()` : null }),
          version: now.version + 1,
        })
        .where(ofMember(workspaceId, userId)),
    );
    await recordEvent(tx, administrator, {
      kind: kindOf(difference.after),
      workspaceId,
      subject: `user:${userId}`,
      ...difference,
    });
    const after = await readMember(tx, workspaceId, userId);
    await revokeInvitationsBy(tx, administrator, { userId });
    const mayImport = after.suspendedAt === null && roleAllows(after.role, 'editor');
    const ended = mayImport ? [] : await pauseImports(tx, administrator, { workspaceId, userId });
    return { member: after, ended };
  });
}

function kindOf(after: Record<string, unknown>): AdministrationEventKind {
  if (Object.keys(after).length > 1 || after.isSuspended === undefined) return 'member-changed';
  return after.isSuspended ? 'member-suspended' : 'member-restored';
}

/** Whoever may not import any more does not go on importing. */
function pauseImports(
  tx: Executor,
  administrator: Administrator,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<EndedImport[]> {
  return pauseImportsOf(tx, { userId, workspaceIds: [workspaceId], pausedBy: administrator });
}

/** A program looks or edits, and audits nothing. */
async function requireRoleOfKind(tx: Executor, userId: string, role: Role): Promise<void> {
  const [found] = await tx.select({ kind: user.kind }).from(user).where(eq(user.id, userId));
  if (found?.kind === 'service' && role === 'auditor') throw new ActRefusedError('invalid-field');
}

function ofMember(workspaceId: string, userId: string): SQL | undefined {
  return and(eq(members.workspaceId, workspaceId), eq(members.userId, userId));
}

async function findMember(tx: Executor, workspaceId: string, userId: string): Promise<MemberRow> {
  const [found] = await tx.select().from(members).where(ofMember(workspaceId, userId));
  if (!found) throw new ActRefusedError('member-not-found');
  return found;
}

/** Takes somebody out of a workspace, with the imports of theirs that are not done. What they did stays. */
export async function removeMember(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly userId: string; readonly version: number | undefined },
): Promise<EndedImport[]> {
  const { workspaceId, userId, version } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: false });
    const now = await findMember(tx, workspaceId, userId);
    if (version !== undefined && now.version !== version) throw new ActRefusedError('changed-meanwhile');
    const { name, email, kind } = oneRow(
      await tx.select({ name: user.name, email: user.email, kind: user.kind }).from(user).where(eq(user.id, userId)),
    );
    await keepingAdministrators(tx, [workspaceId], () => tx.delete(members).where(ofMember(workspaceId, userId)));
    await recordEvent(tx, administrator, {
      kind: 'member-removed',
      workspaceId,
      subject: `user:${userId}`,
      before: { name, email, role: now.role, ...(now.expiresAt ? { expiresAt: now.expiresAt } : {}) },
    });
    await revokeInvitationsBy(tx, administrator, { userId });
    // A program belongs to the one workspace: nobody would see its account or its tokens again.
    if (kind === 'service') await tx.delete(user).where(eq(user.id, userId));
    return pauseImports(tx, administrator, { workspaceId, userId });
  });
}
