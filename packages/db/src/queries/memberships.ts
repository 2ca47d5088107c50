import type { Me, Member, Role } from '@meldesync/protocol';
import { and, asc, eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { members, session, user, workspaces } from '../schema/index.ts';

/** The workspaces a person belongs to, by name. */
export async function listMemberships(executor: Executor, userId: string): Promise<Me['workspaces']> {
  return executor
    .select({ id: workspaces.id, name: workspaces.name, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(eq(members.userId, userId))
    .orderBy(asc(workspaces.name));
}

/** The role a person has in a workspace; undefined when none. */
export async function getRole(executor: Executor, workspaceId: string, userId: string): Promise<Role | undefined> {
  const [row] = await executor
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.workspaceId, workspaceId), eq(members.userId, userId)));
  return row?.role;
}

/** Everyone in a workspace, by name. */
export async function listMembers(executor: Executor, workspaceId: string): Promise<Member[]> {
  return executor
    .select({ id: user.id, name: user.name, role: members.role })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(eq(members.workspaceId, workspaceId))
    .orderBy(asc(user.name));
}

/** Whether a session still stands, and the role its person has in a workspace. */
export type SessionAccess =
  | { readonly session: 'ended' }
  /** `role` is undefined when the person is no member. `expiresAt` in epoch milliseconds. */
  | { readonly session: 'stands'; readonly expiresAt: number; readonly role: Role | undefined };

/** What an open socket is checked against at its start and whenever access may have changed. */
export async function getSessionRole(
  executor: Executor,
  input: { workspaceId: string; userId: string; sessionId: string },
): Promise<SessionAccess> {
  const [row] = await executor
    .select({ role: members.role, expiresAt: session.expiresAt })
    .from(session)
    .leftJoin(members, and(eq(members.userId, session.userId), eq(members.workspaceId, input.workspaceId)))
    .where(and(eq(session.id, input.sessionId), eq(session.userId, input.userId)));
  if (!row || row.expiresAt.getTime() <= Date.now()) return { session: 'ended' };
  return { session: 'stands', expiresAt: row.expiresAt.getTime(), role: row.role ?? undefined };
}
