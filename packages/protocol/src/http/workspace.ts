import { z } from 'zod';
import { readableList } from '../readable-list.ts';

/** What a member may do: look; edit and import; all of it and manage; look, also at who did what (P53). */
export const role = z.enum(['viewer', 'editor', 'admin', 'auditor']);
export type Role = z.infer<typeof role>;
/** What a token may do at most, and what an act may need. */
export const limitRole = role.exclude(['auditor']);
export type LimitRole = z.infer<typeof limitRole>;

/** An auditor looks as a viewer does, at more. */
const RANK: Record<Role, number> = { viewer: 0, auditor: 0, editor: 1, admin: 2 };

/** Whether `held` includes what `needed` allows. */
export function roleAllows(held: Role, needed: LimitRole): boolean {
  return RANK[held] >= RANK[needed];
}

/** What is left of `held` for who may do `most` at most. */
export function lesserRole(held: Role, most: Role): Role {
  return RANK[most] < RANK[held] || (RANK[most] === RANK[held] && most === 'viewer') ? most : held;
}

/** What a session may be used for, beside what its account may. */
export interface SessionLimits {
  /** What it may do at most; null for all. */
  readonly maxRole: LimitRole | null;
  /** The one workspace that it may be used for; null for all. */
  readonly workspaceId: string | null;
}

/** What of a role is left in a workspace, for who has a session with limits; undefined for none. */
export function limitedRole(held: Role, workspaceId: string, limits: SessionLimits): Role | undefined {
  if (limits.workspaceId !== null && limits.workspaceId !== workspaceId) return undefined;
  return limits.maxRole === null ? held : lesserRole(held, limits.maxRole);
}

export const workspaceMembership = z.object({ id: z.uuid(), name: z.string(), role });

/** `GET /api/v1/me` */
export const me = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    /** Administers the whole installation; not said up to 0.3.0. */
    isInstallationAdmin: z.boolean().optional(),
  }),
  workspaces: z.array(workspaceMembership),
  /** They signed in with a password alone and have to set up a second factor before anything else; not said up to 0.3.0. */
  needsSecondFactor: z.boolean().optional(),
});
export type Me = z.infer<typeof me>;

/** One entry of `GET /api/v1/workspaces/{workspace}/members`; the source of names for `user:<id>` and assignees. */
export const member = z.object({
  id: z.string(),
  name: z.string(),
  role,
  /** Records can be assigned to them (P60); not said up to 0.3.0. */
  isAssignable: z.boolean().optional(),
});
export type Member = z.infer<typeof member>;

/** The members to whom records can be assigned: where the service does not say it, those whose role lets them edit (P60). */
export function assignableMembers(members: readonly Member[]): Member[] {
  return members.filter(({ role, isAssignable }) => isAssignable ?? roleAllows(role, 'editor'));
}

export const memberList = z.object({ members: z.array(member) });

/** The same as a client reads it. */
export const receivedMe = me.extend({ workspaces: readableList(workspaceMembership) });
export const receivedMemberList = z.object({ members: readableList(member) });
