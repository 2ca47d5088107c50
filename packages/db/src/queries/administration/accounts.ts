import { type AdministeredAccount, type AdministrationEventKind, workspaceMembership } from '@meldesync/protocol';
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { sqlState } from '../../errors.ts';
import { account, members, passkey, session, user, workspaces } from '../../schema/index.ts';
import type { EndedImport } from '../cancel-import.ts';
import { dropSecondFactors } from '../drop-second-factors.ts';
import { pauseImportsOf } from '../pause-import.ts';
import { ActRefusedError, type Administrator, differenceOf, isoOf, oneRow, recordEvent } from './act.ts';
import { lockInstallation, requireInstallationAdmin } from './authority.ts';
import { keepingAdministrators, lockWorkspacesOf, requireInstallationAdminLeft } from './last-administrator.ts';
import { insertLink, type MadeLink, PASSWORD_LINK_HOURS } from './links.ts';
import { lastSeen } from './members.ts';
import { insertAccount } from './new-account.ts';
import { revokeInvitationsBy } from './revoke-invitations-by.ts';

/** All accounts, by name, for administrators of the installation. */
export async function listAccounts(executor: Executor, administrator: Administrator): Promise<AdministeredAccount[]> {
  await requireInstallationAdmin(executor, administrator, { isFresh: false });
  return readAccounts(executor, undefined);
}

async function readAccounts(executor: Executor, condition: SQL | undefined): Promise<AdministeredAccount[]> {
  const rows = await executor
    .select({
      row: user,
      lastSeenAt: lastSeen,
      hasPassword: sql<boolean>`exists (select from ${account} a where a.user_id = ${user}.id and a.password is not null)`,
      passkeys: sql<number>`(select count(*)::int from ${passkey} p where p.user_id = ${user}.id)`,
      providers: sql<string[]>`array(select distinct a.provider_id from ${account} a
        where a.user_id = ${user}.id and a.provider_id <> 'credential' order by 1)`,
      sessions: sql<number>`(select count(*)::int from ${session} s where s.user_id = ${user}.id and s.expires_at > now())`,
      workspaces: sql<unknown>`(select coalesce(json_agg(json_build_object('id', w.id, 'name', w.name, 'role', m.role) order by w.name), '[]')
        from ${members} m join ${workspaces} w on w.id = m.workspace_id where m.user_id = ${user}.id)`,
    })
    .from(user)
    .where(condition)
    .orderBy(asc(user.name), asc(user.id));
  return rows.map(({ row, lastSeenAt, workspaces: own, ...rest }) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    kind: row.kind,
    isInstallationAdmin: row.isInstallationAdmin,
    isDemo: row.isDemo,
    createdAt: row.createdAt.toISOString(),
    disabledAt: isoOf(row.disabledAt),
    lastSeenAt: lastSeenAt === null ? null : new Date(lastSeenAt).toISOString(),
    hasSecondFactor: row.twoFactorEnabled,
    ...rest,
    workspaces: workspaceMembership.array().parse(own),
  }));
}

/** One of the accounts, as administrators see it. */
export async function readAccount(executor: Executor, id: string): Promise<AdministeredAccount> {
  return oneRow(await readAccounts(executor, eq(user.id, id)));
}

/** Makes an account, and the link by which its person chooses a password. */
export async function createAccount(
  database: Database,
  administrator: Administrator,
  input: { readonly name: string; readonly email: string; readonly isInstallationAdmin: boolean },
): Promise<{ account: AdministeredAccount; link: MadeLink }> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    const userId = await insertAccount(tx, input);
    const link = await insertPasswordLink(tx, administrator, userId);
    await recordEvent(tx, administrator, { kind: 'account-created', subject: `user:${userId}`, after: { ...input } });
    return { account: await readAccount(tx, userId), link };
  });
}

/** Locks the accounts for an administrator of the installation; throws `forbidden` and `reauthentication-needed`. */
export async function beginAccountAct(tx: Executor, administrator: Administrator, isFresh = true): Promise<void> {
  await lockInstallation(tx);
  await requireInstallationAdmin(tx, administrator, { isFresh });
}

function insertPasswordLink(tx: Executor, administrator: Administrator, userId: string): Promise<MadeLink> {
  return insertLink(tx, { kind: 'password', userId, createdBy: administrator.userId, hours: PASSWORD_LINK_HOURS });
}

type AccountRow = typeof user.$inferSelect;

/** Locks an account; throws `account-not-found`. */
export async function findAccount(tx: Executor, id: string): Promise<AccountRow> {
  const [found] = await tx.select().from(user).where(eq(user.id, id)).for('update');
  if (!found) throw new ActRefusedError('account-not-found');
  return found;
}

/** What is to be of an account. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly isInstallationAdmin?: boolean | undefined;
}

/** Renames an account, gives it another address, disables it or makes it an administrator of the installation. */
export async function changeAccount(
  database: Database,
  administrator: Administrator,
  input: { readonly userId: string; readonly change: AccountChange },
): Promise<{ account: AdministeredAccount; ended: EndedImport[] }> {
  const { userId, change } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    const affected = await lockWorkspacesOf(tx, userId);
    const now = await findAccount(tx, userId);
    requirePossible(now, administrator, change);
    const difference = differenceOf(
      {
        name: now.name,
        email: now.email,
        isDisabled: now.disabledAt !== null,
        isInstallationAdmin: now.isInstallationAdmin,
      },
      Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
    );
    if (!difference) return { account: await readAccount(tx, userId), ended: [] };
    if (difference.after.email !== undefined) await requireFreeEmail(tx, String(change.email));
    await keepingAdministrators(tx, affected, () =>
      updateAccount(tx, now, change, difference.after).catch((error: unknown) => {
        // Somebody got it by an invitation since it was looked up, which locks no other accounts.
        throw sqlState(error) === UNIQUE_VIOLATION ? new ActRefusedError('email-taken') : error;
      }),
    );
    if (now.isInstallationAdmin) await requireInstallationAdminLeft(tx);
    if (difference.after.isDisabled === true) await tx.delete(session).where(eq(session.userId, userId));
    const kind = kindOf(difference.after);
    await recordEvent(tx, administrator, { kind, subject: `user:${userId}`, ...difference });
    const isOut = difference.after.isDisabled === true;
    await revokeInvitationsBy(tx, administrator, { userId });
    const input = { userId, workspaceIds: affected, pausedBy: administrator };
    return { account: await readAccount(tx, userId), ended: isOut ? await pauseImportsOf(tx, input) : [] };
  });
}

function kindOf(after: Record<string, unknown>): AdministrationEventKind {
  if (Object.keys(after).length > 1 || after.isDisabled === undefined) return 'account-changed';
  return after.isDisabled ? 'account-disabled' : 'account-enabled';
}

function requirePossible(now: AccountRow, { userId }: Administrator, change: AccountChange): void {
  if (now.id === userId && change.isDisabled) throw new ActRefusedError('own-account');
  // A program has no address, and administers nothing.
  const isForPeople = change.email !== undefined || change.isInstallationAdmin === true;
  if (now.kind === 'service' && isForPeople) throw new ActRefusedError('invalid-field');
}

const UNIQUE_VIOLATION = '23505';

async function requireFreeEmail(tx: Executor, email: string): Promise<void> {
  const [taken] = await tx.select({ id: user.id }).from(user).where(eq(user.email, email));
  if (taken) throw new ActRefusedError('email-taken');
}

async function updateAccount(
  tx: Executor,
  now: AccountRow,
  change: AccountChange,
  after: Record<string, unknown>,
): Promise<void> {
  await tx
    .update(user)
    .set({
      name: change.name ?? now.name,
      email: change.email ?? now.email,
      isInstallationAdmin: change.isInstallationAdmin ?? now.isInstallationAdmin,
      ...(after.isDisabled === undefined ? {} : { disabledAt: after.isDisabled ? sql`now()` : null }),
      updatedAt: new Date(),
    })
    .where(eq(user.id, now.id));
}

/** Deletes an account with its memberships, sessions and keys. What its person did stays on record under its id. */
export async function deleteAccount(
  database: Database,
  administrator: Administrator,
  userId: string,
): Promise<EndedImport[]> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    const affected = await lockWorkspacesOf(tx, userId);
    const now = await findAccount(tx, userId);
    if (now.id === administrator.userId) throw new ActRefusedError('own-account');
    const before = await readAccount(tx, userId);
    await revokeInvitationsBy(tx, administrator, { userId, isDeleted: true });
    // By themselves, for who listens: the row that holds them goes a moment later.
    await tx.delete(session).where(eq(session.userId, userId));
    await keepingAdministrators(tx, affected, async () => {
      await tx.delete(members).where(eq(members.userId, userId));
      await tx.delete(user).where(eq(user.id, userId));
    });
    if (now.isInstallationAdmin) await requireInstallationAdminLeft(tx);
    await recordEvent(tx, administrator, {
      kind: 'account-deleted',
      subject: `user:${userId}`,
      before: {
        name: before.name,
        email: before.email,
        ...(before.isInstallationAdmin ? { isInstallationAdmin: true } : {}),
        workspaces: before.workspaces.map(({ id, role }) => ({ id, role })),
      },
    });
    return pauseImportsOf(tx, { userId, workspaceIds: affected, pausedBy: administrator });
  });
}

/** Makes a link by which an account's person chooses a new password; what they have counts until then. */
export async function makePasswordLink(
  database: Database,
  administrator: Administrator,
  userId: string,
): Promise<{ link: MadeLink; name: string; email: string }> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    const { kind, name, email } = await findAccount(tx, userId);
    if (kind === 'service') throw new ActRefusedError('account-not-found');
    const link = await insertPasswordLink(tx, administrator, userId);
    await recordEvent(tx, administrator, {
      kind: 'password-link-made',
      subject: `user:${userId}`,
      after: { expiresAt: link.expiresAt },
    });
    return { link, name, email };
  });
}

/** Ends all sessions of an account, one's own among them; how many there were. Of a program all tokens. */
export async function endAccountSessions(
  database: Database,
  administrator: Administrator,
  userId: string,
): Promise<number> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator, false);
    await findAccount(tx, userId);
    const ended = await tx.delete(session).where(eq(session.userId, userId)).returning({ id: session.id });
    await recordEvent(tx, administrator, {
      kind: 'sessions-ended',
      subject: `user:${userId}`,
      after: { ended: ended.length },
    });
    return ended.length;
  });
}

/** Takes away passkeys, one-time passwords and recovery codes of somebody who has lost them, and ends their sessions. */
export async function removeSecondFactors(
  database: Database,
  administrator: Administrator,
  userId: string,
): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    const now = await findAccount(tx, userId);
    const passkeys = await dropSecondFactors(tx, userId);
    if (userId !== administrator.userId) await tx.delete(session).where(eq(session.userId, userId));
    await recordEvent(tx, administrator, {
      kind: 'second-factors-removed',
      subject: `user:${userId}`,
      before: { hasSecondFactor: now.twoFactorEnabled, passkeys },
    });
  });
}
