import type { Role } from '@meldesync/protocol';
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { members, session, user, workspaces } from '../../schema/index.ts';
import { oneRow, recordEvent, SYSTEM } from './act.ts';
import { lockInstallation } from './authority.ts';
import { insertAccount } from './new-account.ts';

/** Somebody of the demo, whose password everybody knows. */
export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly isInstallationAdmin: boolean;
}

/**
 * Makes the workspace and the accounts of the demo where they are missing, marked as such, and enables those that were disabled.
 * Roles that someone changed since stay. `hash` is asked for passwords of new accounts alone.
 */
export async function enableDemo(
  database: Database,
  input: {
    readonly workspace: string;
    readonly people: readonly DemoPerson[];
    readonly hash: (person: DemoPerson) => Promise<string>;
  },
): Promise<void> {
  const missing = await missingPeople(database.drizzle, input.people);
  const hashes = new Map<string, string>();
  for (const person of missing) hashes.set(person.email, await input.hash(person));
  await database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    const workspaceId = await ensureDemoWorkspace(tx, input.workspace);
    for (const { name, email, role, isInstallationAdmin } of await missingPeople(tx, input.people)) {
      const passwordHash = hashes.get(email);
      if (passwordHash === undefined) continue;
      const userId = await insertAccount(tx, { name, email, isInstallationAdmin, passwordHash });
      await tx.update(user).set({ isDemo: true }).where(eq(user.id, userId));
      await tx.insert(members).values({ workspaceId, userId, role });
      await recordEvent(tx, SYSTEM, {
        kind: 'account-created',
        workspaceId,
        subject: `user:${userId}`,
        after: { name, email, role, isDemo: true, ...(isInstallationAdmin ? { isInstallationAdmin } : {}) },
      });
    }
    await enableAccounts(tx, input.people);
  });
}

async function missingPeople(executor: Executor, people: readonly DemoPerson[]): Promise<DemoPerson[]> {
  const emails = people.map(({ email }) => email);
  const rows = await executor.select({ email: user.email }).from(user).where(inArray(user.email, emails));
  const there = new Set(rows.map(({ email }) => email));
  return people.filter(({ email }) => !there.has(email));
}

/** A workspace of people who are no demo keeps to itself, whatever it is called. */
async function ensureDemoWorkspace(tx: Executor, name: string): Promise<string> {
  const [found] = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.isDemo, true))
    .orderBy(workspaces.createdAt)
    .limit(1);
  if (found) return found.id;
  const [taken] = await tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.name, name));
  const values = { name: taken ? `${name} (Demo)` : name, isDemo: true };
  const { id } = oneRow(await tx.insert(workspaces).values(values).returning({ id: workspaces.id }));
  const subject = `workspace:${id}`;
  await recordEvent(tx, SYSTEM, { kind: 'workspace-created', workspaceId: id, subject, after: values });
  return id;
}

/** Accounts of releases before administer nothing yet. */
async function enableAccounts(tx: Executor, people: readonly DemoPerson[]): Promise<void> {
  const admins = people.filter(({ isInstallationAdmin }) => isInstallationAdmin).map(({ email }) => email);
  if (admins.length > 0)
    await tx
      .update(user)
      .set({ isInstallationAdmin: true })
      .where(and(user.isDemo, inArray(user.email, admins), eq(user.isInstallationAdmin, false)));
  const enabled = await tx
    .update(user)
    .set({ disabledAt: null })
    .where(and(user.isDemo, isNotNull(user.disabledAt)))
    .returning({ id: user.id });
  for (const { id } of enabled) await recordEvent(tx, SYSTEM, { kind: 'account-enabled', subject: `user:${id}` });
}

/** Disables all accounts of the demo and ends their sessions; what is in its workspace stays. */
export async function disableDemo(database: Database): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    const disabled = await tx
      .update(user)
      .set({ disabledAt: sql`now()` })
      .where(and(user.isDemo, isNull(user.disabledAt)))
      .returning({ id: user.id });
    await tx
      .delete(session)
      .where(inArray(session.userId, tx.select({ id: user.id }).from(user).where(eq(user.isDemo, true))));
    for (const { id } of disabled)
      await recordEvent(tx, SYSTEM, {
        kind: 'account-disabled',
        subject: `user:${id}`,
        before: { isDisabled: false },
        after: { isDisabled: true },
      });
  });
}
