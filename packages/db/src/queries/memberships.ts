import { type LimitRole, lesserRole, type Me, type Member, type Role, role } from '@meldesync/protocol';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { members, session, user, workspaces } from '../schema/index.ts';
import { mayBeAssigned, membershipCounts } from './counting-membership.ts';
import { type SessionRules, sessionEnd, sessionStands } from './session-rules.ts';

/** The workspaces a person belongs to and may open, by name. */
export async function listMemberships(executor: Executor, userId: string): Promise<Me['workspaces']> {
  return executor
    .select({ id: workspaces.id, name: workspaces.name, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .innerJoin(user, eq(user.id, members.userId))
    .where(and(eq(members.userId, userId), membershipCounts, isNull(workspaces.archivedAt), isNull(user.disabledAt)))
    .orderBy(asc(workspaces.name));
}

/** The word as a role; undefined for one that this version does not know, which allows nothing. */
function knownRole(word: string | null | undefined): Role | undefined {
  const known = role.safeParse(word);
  return known.success ? known.data : undefined;
}

/** The role a person has in a workspace; undefined when none, or none that counts now. */
export async function getRole(executor: Executor, workspaceId: string, userId: string): Promise<Role | undefined> {
  const [row] = await executor
    .select({ role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .innerJoin(user, eq(user.id, members.userId))
    .where(
      and(
        eq(members.workspaceId, workspaceId),
        eq(members.userId, userId),
        membershipCounts,
        isNull(workspaces.archivedAt),
        isNull(user.disabledAt),
      ),
    );
  return knownRole(row?.role);
}

/** Everyone in a workspace, by name, also who may not open it now: the names of what they did stay theirs. */
export async function listMembers(executor: Executor, workspaceId: string): Promise<Member[]> {
  return executor
    .select({ id: user.id, name: user.name, role: members.role, isAssignable: sql<boolean>`${mayBeAssigned}` })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(eq(members.workspaceId, workspaceId))
    .orderBy(asc(user.name));
}

/** Whether a session still stands, and the role its person has in a workspace. */
export type SessionAccess =
  | { readonly session: 'ended' }
  /** It may reach nothing before its person has set up a second factor. */
  | { readonly session: 'needs-second-factor' }
  /**
   * `role` is undefined when the person is no member. `expiresAt`, in epoch milliseconds: when the session ends unless there is input
   * before, or before that the membership.
   */
  | { readonly session: 'stands'; readonly expiresAt: number; readonly role: Role | undefined };

/** Of whom it is asked, and of which workspace. */
export interface AccessQuestion {
  readonly workspaceId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** What an open socket is checked against whenever access may have changed. */
export async function getSessionRole(
  executor: Executor,
  question: AccessQuestion,
  rules: SessionRules,
): Promise<SessionAccess> {
  const [access] = await getSessionRoles(executor, [question], rules);
  return access ?? { session: 'ended' };
}

/** What sockets are checked against at their start; an answer for each question, in their order. */
export async function getSessionRoles(
  executor: Executor,
  questions: readonly AccessQuestion[],
  rules: SessionRules,
): Promise<SessionAccess[]> {
  const column = (name: keyof AccessQuestion) => sql.param(questions.map((question) => question[name]));
  const { rows } = await executor.execute<{
    expires_at_ms: string | null;
    role: Role | null;
    max_role: LimitRole | null;
  }>(sql`
    select extract(epoch from least(${sessionEnd(rules)},
        case when ${workspaces.id} is not null and ${membershipCounts} then ${members.expiresAt} end)) * 1000 as expires_at_ms,
      ${session.maxRole} as max_role,
      case when ${workspaces.id} is not null and ${membershipCounts} then ${members.role} end as role
    from unnest(${column('sessionId')}::text[], ${column('userId')}::text[], ${column('workspaceId')}::uuid[])
      with ordinality as asked(session_id, user_id, workspace_id, position)
    left join (${session} join ${user} on ${user.id} = ${session.userId} and ${user.disabledAt} is null)
      on ${session.id} = asked.session_id and ${session.userId} = asked.user_id and ${sessionStands(rules)}
    left join ${members} on ${members.userId} = ${session.userId} and ${members.workspaceId} = asked.workspace_id
    left join ${workspaces} on ${workspaces.id} = ${members.workspaceId} and ${workspaces.archivedAt} is null
      and coalesce(${session.workspaceId}, ${workspaces.id}) = ${workspaces.id}
    order by asked.position`);
  return rows.map(({ expires_at_ms: expiresAtMs, role: word, max_role: most }) => {
    if (expiresAtMs === null) return { session: 'ended' };
    const expiresAt = Number(expiresAtMs);
    const held = knownRole(word);
    return { session: 'stands', expiresAt, role: held && most ? lesserRole(held, most) : held };
  });
}
