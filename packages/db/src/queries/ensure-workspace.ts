import type { Role } from '@meldesync/protocol';
import { eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { members, workspaces } from '../schema/index.ts';

/** Finds the workspace of that name or makes it; its id. */
export async function ensureWorkspace(executor: Executor, name: string): Promise<string> {
  const [existing] = await executor.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.name, name));
  if (existing) return existing.id;
  const [created] = await executor.insert(workspaces).values({ name }).returning({ id: workspaces.id });
  if (!created) throw new Error('insert into workspaces returned no row');
  return created.id;
}

/** Gives a person a role in a workspace, in place of the one they had. */
export async function setMember(executor: Executor, workspaceId: string, userId: string, role: Role): Promise<void> {
  await executor
    .insert(members)
    .values({ workspaceId, userId, role })
    .onConflictDoUpdate({ target: [members.workspaceId, members.userId], set: { role } });
}
