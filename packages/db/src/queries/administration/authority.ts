import { type Role, role } from '@meldesync/protocol';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { members, session, user, workspaces } from '../../schema/index.ts';
import { membershipCounts } from '../counting-membership.ts';
import { ActRefusedError, type Administrator } from './act.ts';

/** For how long after they proved who they are somebody may do what is dangerous. */
const FRESH_MINUTES = 15;

/** A workspace's row as an act finds it. */
export type WorkspaceRow = typeof workspaces.$inferSelect;

/** What an act asks of who does it. */
export interface Demand {
  /** They have proved who they are within the last 15 minutes: for what gives somebody rights or takes an account away. */
  readonly isFresh: boolean;
}

interface Standing {
  readonly isInstallationAdmin: boolean;
  /** In the workspace that was asked about. */
  readonly role: Role | undefined;
  readonly isFresh: boolean;
}

/** Whoever acts may have lost the right since the request began: it is looked up in the transaction of the act. */
async function standingOf(
  tx: Executor,
  { userId, sessionId }: Pick<Administrator, 'userId' | 'sessionId'>,
  workspaceId: string | null,
): Promise<Standing> {
  const [found] = await tx
    .select({
      isInstallationAdmin: user.isInstallationAdmin,
      kind: session.kind,
      maxRole: session.maxRole,
      onlyIn: session.workspaceId,
      isFresh: sql<boolean>`${session.authenticatedAt} > clock_timestamp() - ${`${FRESH_MINUTES} minutes`}::interval`,
      role: sql<string | null>`case when ${workspaces.id} is not null and ${membershipCounts} then ${members.role} end`,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .leftJoin(members, and(eq(members.userId, user.id), eq(members.workspaceId, sql`${workspaceId}::uuid`)))
    .leftJoin(workspaces, and(eq(workspaces.id, members.workspaceId), isNull(workspaces.archivedAt)))
    .where(
      and(eq(session.id, sessionId), eq(user.id, userId), sql`${session.expiresAt} > now()`, isNull(user.disabledAt)),
    );
  if (!found) return { isInstallationAdmin: false, role: undefined, isFresh: false };
  // A program administers nothing, whatever it may do else.
  const isLimited = found.kind === 'service' || (found.maxRole !== null && found.maxRole !== 'admin');
  const known = role.safeParse(found.role);
  const isElsewhere = found.onlyIn !== null && found.onlyIn !== workspaceId;
  return {
    isInstallationAdmin: found.isInstallationAdmin && !isLimited && found.onlyIn === null,
    role: !known.success || isElsewhere ? undefined : isLimited ? 'viewer' : known.data,
    isFresh: found.isFresh,
  };
}

/** Throws `forbidden` or `reauthentication-needed` unless they administer the installation. */
export async function requireInstallationAdmin(
  tx: Executor,
  administrator: Administrator,
  demand: Demand,
): Promise<void> {
  const standing = await standingOf(tx, administrator, null);
  if (!standing.isInstallationAdmin) throw new ActRefusedError('forbidden');
  requireFreshness(standing, demand);
}

/**
 * Throws unless they administer the workspace, or the whole installation: `workspace-not-found` for who has nothing to do with it,
 * `forbidden` for another member. True for an administrator of the installation.
 */
export async function requireWorkspaceAdmin(
  tx: Executor,
  administrator: Administrator,
  workspaceId: string,
  demand: Demand,
): Promise<boolean> {
  const standing = await standingOf(tx, administrator, workspaceId);
  if (!standing.isInstallationAdmin && standing.role !== 'admin')
    throw new ActRefusedError(standing.role === undefined ? 'workspace-not-found' : 'forbidden');
  requireFreshness(standing, demand);
  return standing.isInstallationAdmin;
}

/** Whether they administer the installation, in this session of theirs. */
export async function isInstallationAdmin(
  tx: Executor,
  administrator: Pick<Administrator, 'userId' | 'sessionId'>,
): Promise<boolean> {
  return (await standingOf(tx, administrator, null)).isInstallationAdmin;
}

function requireFreshness(standing: Standing, { isFresh }: Demand): void {
  if (isFresh && !standing.isFresh) throw new ActRefusedError('reauthentication-needed');
}

/** Locks a workspace for an act on its people; acts on the same one wait for each other, and edits in it for none of them. */
export async function lockWorkspace(tx: Executor, workspaceId: string): Promise<WorkspaceRow> {
  const [found] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId)).for('no key update');
  if (!found) throw new ActRefusedError('workspace-not-found');
  return found;
}

/**
 * Locks a workspace for an administrator's act on its people; throws as `requireWorkspaceAdmin` does. Their account is held as well: who
 * disables or deletes it waits until this act is done, and then takes back what it gave.
 */
export async function beginWorkspaceAct(
  tx: Executor,
  administrator: Administrator,
  workspaceId: string,
  demand: Demand,
): Promise<{ readonly workspace: WorkspaceRow; readonly isForAll: boolean }> {
  const workspace = await lockWorkspace(tx, workspaceId);
  await tx.select({ id: user.id }).from(user).where(eq(user.id, administrator.userId)).for('key share');
  return { workspace, isForAll: await requireWorkspaceAdmin(tx, administrator, workspaceId, demand) };
}

/** A number that only MeldeSync's acts on accounts take. */
const INSTALLATION_LOCK = 7_031_419_001;

/** Locks the accounts of the installation for an act on them. */
export async function lockInstallation(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${INSTALLATION_LOCK}::bigint)`);
}
