import type { AdministeredAccount } from '@meldesync/protocol';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { account, invitations, members, session, user } from '../../schema/index.ts';
import type { EndedImport } from '../cancel-import.ts';
import { pauseImportsOf } from '../pause-import.ts';
import { beginAccountAct, findAccount, readAccount } from './accounts.ts';
import { ActRefusedError, type Administrator, recordEvent } from './act.ts';
import { keepingAdministrators, lockWorkspacesOf, requireInstallationAdminLeft } from './last-administrator.ts';
import { revokeInvitationsBy } from './revoke-invitations-by.ts';

/** Where better-auth keeps a password; everything else is a link with a provider. */
const PASSWORD = 'credential';

/**
 * Makes one of two accounts of the same person: the other gets the links with providers, and memberships where it has none, and the open invitations; what it has
 * stays. The emptied account is deleted with its sessions, password and second factors, and its imports end. Throws `own-account` for that
 * of who does it.
 */
export async function mergeAccounts(
  database: Database,
  administrator: Administrator,
  { userId, into }: { readonly userId: string; readonly into: string },
): Promise<{ account: AdministeredAccount; ended: EndedImport[] }> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    if (userId === into) throw new ActRefusedError('invalid-field');
    const affected = await lockWorkspacesOf(tx, userId);
    const [from, kept] = [await findPerson(tx, userId), await findPerson(tx, into)];
    if (userId === administrator.userId) throw new ActRefusedError('own-account');
    const before = await readAccount(tx, userId);
    await tx.delete(session).where(eq(session.userId, userId));
    await keepingAdministrators(tx, affected, () => move(tx, userId, into));
    if (from.isInstallationAdmin) await requireInstallationAdminLeft(tx);
    await revokeInvitationsBy(tx, administrator, { userId: into });
    const { providers, workspaces, name, email } = before;
    await recordEvent(tx, administrator, {
      kind: 'account-merged',
      subject: `user:${into}`,
      before: { account: userId, name, email },
      after: {
        account: kept.id,
        providers,
        workspaces: workspaces.map(({ id, role }) => ({ id, role })),
      },
    });
    const ended = await pauseImportsOf(tx, { userId, workspaceIds: affected, pausedBy: administrator });
    return { account: await readAccount(tx, into), ended };
  });
}

async function move(tx: Executor, from: string, into: string): Promise<void> {
  await tx
    .update(account)
    .set({ userId: into })
    .where(and(eq(account.userId, from), ne(account.providerId, PASSWORD)));
  await tx.execute(sql`
    insert into ${members} (workspace_id, user_id, role, source, expires_at, suspended_at)
    select workspace_id, ${into}, role, source, expires_at, suspended_at from ${members} where user_id = ${from}
    on conflict do nothing`);
  await tx.delete(members).where(eq(members.userId, from));
  await tx.update(invitations).set({ createdBy: into }).where(eq(invitations.createdBy, from));
  await tx.delete(user).where(eq(user.id, from));
}

/** Takes the links with providers of single sign-on away from an account, and ends its sessions; how many links there were. */
export async function unlinkAccount(database: Database, administrator: Administrator, userId: string): Promise<number> {
  return database.drizzle.transaction(async (tx) => {
    await beginAccountAct(tx, administrator);
    await findPerson(tx, userId);
    const links = await tx
      .delete(account)
      .where(and(eq(account.userId, userId), ne(account.providerId, PASSWORD)))
      .returning({ provider: account.providerId });
    if (links.length === 0) return 0;
    await tx.delete(session).where(eq(session.userId, userId));
    await recordEvent(tx, administrator, {
      kind: 'account-unlinked',
      subject: `user:${userId}`,
      before: { providers: [...new Set(links.map(({ provider }) => provider))] },
    });
    return links.length;
  });
}

async function findPerson(tx: Executor, id: string) {
  const found = await findAccount(tx, id);
  if (found.kind !== 'person') throw new ActRefusedError('account-not-found');
  return found;
}
