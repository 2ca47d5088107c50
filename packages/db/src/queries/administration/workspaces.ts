import type { AdministeredWorkspace } from '@meldesync/protocol';
import { and, asc, eq, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { members, user, workspaces } from '../../schema/index.ts';
import { cancelImportsIn, type EndedImport } from '../cancel-import.ts';
import { membershipCounts } from '../counting-membership.ts';
import { ActRefusedError, type Administrator, differenceOf, isoOf, oneRow, recordEvent } from './act.ts';
import { beginWorkspaceAct, isInstallationAdmin, lockInstallation, requireInstallationAdmin } from './authority.ts';

/** The workspaces that somebody administers, by name; for an administrator of the installation all, archived ones among them. */
export async function listAdministeredWorkspaces(
  executor: Executor,
  administrator: Administrator,
): Promise<AdministeredWorkspace[]> {
  if (await isInstallationAdmin(executor, administrator)) return readWorkspaces(executor, undefined);
  const own = executor
    .select({ id: members.workspaceId })
    .from(members)
    .where(and(eq(members.userId, administrator.userId), eq(members.role, 'admin'), membershipCounts));
  return readWorkspaces(executor, and(inArray(workspaces.id, own), isNull(workspaces.archivedAt)));
}

async function readWorkspaces(executor: Executor, condition: SQL | undefined): Promise<AdministeredWorkspace[]> {
  const rows = await executor
    .select({
      row: workspaces,
      members: sql<number>`(select count(*)::int from ${members} m join ${user} u on u.id = m.user_id
        where m.workspace_id = ${workspaces}.id and u.kind = 'person')`,
    })
    .from(workspaces)
    .where(condition)
    .orderBy(asc(workspaces.name), asc(workspaces.id));
  return rows.map(({ row, members: count }) => ({
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    archivedAt: isoOf(row.archivedAt),
    isDemo: row.isDemo,
    version: row.version,
    members: count,
  }));
}

/** What a workspace is called; throws `workspace-not-found`. */
export async function workspaceName(executor: Executor, id: string): Promise<string> {
  const [found] = await executor.select({ name: workspaces.name }).from(workspaces).where(eq(workspaces.id, id));
  if (!found) throw new ActRefusedError('workspace-not-found');
  return found.name;
}

async function readWorkspace(executor: Executor, id: string): Promise<AdministeredWorkspace> {
  return oneRow(await readWorkspaces(executor, eq(workspaces.id, id)));
}

/** Throws `workspace-name-taken` where another one is called so, in whatever case. */
async function requireFreeWorkspaceName(tx: Executor, name: string, except?: string): Promise<void> {
  const [taken] = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(
      and(
        sql`lower(${workspaces.name}) = lower(${name})`,
        except === undefined ? undefined : ne(workspaces.id, except),
      ),
    )
    .limit(1);
  if (taken) throw new ActRefusedError('workspace-name-taken');
}

/** Makes a workspace, in which nobody is yet. */
export async function createWorkspace(
  database: Database,
  administrator: Administrator,
  input: { readonly name: string },
): Promise<AdministeredWorkspace> {
  return database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    await requireInstallationAdmin(tx, administrator, { isFresh: false });
    await requireFreeWorkspaceName(tx, input.name);
    const { id } = oneRow(await tx.insert(workspaces).values(input).returning({ id: workspaces.id }));
    await recordEvent(tx, administrator, {
      kind: 'workspace-created',
      workspaceId: id,
      subject: `workspace:${id}`,
      after: input,
    });
    return readWorkspace(tx, id);
  });
}

/** Renames a workspace; archives it or opens it again, which only an administrator of the installation does. */
export async function changeWorkspace(
  database: Database,
  administrator: Administrator,
  input: {
    readonly workspaceId: string;
    readonly version: number;
    readonly name?: string | undefined;
    readonly isArchived?: boolean | undefined;
  },
): Promise<{ workspace: AdministeredWorkspace; ended: EndedImport[] }> {
  const { workspaceId, name, isArchived } = input;
  return database.drizzle.transaction(async (tx) => {
    // Names are compared with those of all others.
    if (name !== undefined) await lockInstallation(tx);
    const demand = { isFresh: isArchived !== undefined };
    const { workspace: now, isForAll } = await beginWorkspaceAct(tx, administrator, workspaceId, demand);
    if (isArchived !== undefined && !isForAll) throw new ActRefusedError('forbidden');
    if (now.version !== input.version) throw new ActRefusedError('changed-meanwhile');
    const difference = differenceOf(
      { name: now.name, isArchived: now.archivedAt !== null },
      { ...(name === undefined ? {} : { name }), ...(isArchived === undefined ? {} : { isArchived }) },
    );
    if (!difference) return { workspace: await readWorkspace(tx, workspaceId), ended: [] };
    if (difference.after.name !== undefined && name !== undefined)
      await requireFreeWorkspaceName(tx, name, workspaceId);
    await tx
      .update(workspaces)
      .set({
        ...(name === undefined ? {} : { name }),
        ...(difference.after.isArchived === undefined ? {} : { archivedAt: isArchived ? sql`now()` : null }),
        version: now.version + 1,
      })
      .where(eq(workspaces.id, workspaceId));
    const kind =
      difference.after.isArchived === undefined
        ? 'workspace-renamed'
        : isArchived
          ? 'workspace-archived'
          : 'workspace-reopened';
    await recordEvent(tx, administrator, { kind, workspaceId, subject: `workspace:${workspaceId}`, ...difference });
    const everybodys = { workspaceIds: [workspaceId], cancelledBy: administrator };
    const ended = difference.after.isArchived === true ? await cancelImportsIn(tx, everybodys) : [];
    return { workspace: await readWorkspace(tx, workspaceId), ended };
  });
}
