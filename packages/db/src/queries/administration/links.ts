import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { accountLinks, invitations, members, session, user, workspaces } from '../../schema/index.ts';
import { ActRefusedError, type Author, oneRow, recordEvent } from './act.ts';
import { lockInstallation, lockWorkspace } from './authority.ts';
import { hoursFromNow, type InvitationRow } from './invitations.ts';
import { inviterMayInvite } from './inviter.ts';
import { insertMember } from './members.ts';
import { insertAccount, setPassword } from './new-account.ts';
import { hashOf, newSecret } from './secrets.ts';

/** The hours that links of an account last. */
export const PASSWORD_LINK_HOURS = 24;

/** A link that was just made. */
export interface MadeLink {
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Makes the one link by which an account's person chooses a password, or by which the installation is set up; former ones end. */
export async function insertLink(
  tx: Executor,
  input: {
    readonly kind: 'setup' | 'password';
    readonly userId: string | null;
    readonly createdBy: string | null;
    readonly hours: number;
  },
): Promise<MadeLink> {
  const { hours, ...row } = input;
  await tx
    .delete(accountLinks)
    .where(
      and(
        eq(accountLinks.kind, row.kind),
        row.userId === null ? undefined : eq(accountLinks.userId, row.userId),
        isNull(accountLinks.usedAt),
      ),
    );
  const made = { secret: newSecret(), expiresAt: hoursFromNow(hours) };
  await tx.insert(accountLinks).values({ ...row, secretHash: hashOf(made.secret), expiresAt: made.expiresAt });
  return made;
}

/** Throws `link-used` or `link-expired` for a link that leads nowhere any more. */
function requireUsable(link: { usedAt: Date | null; expiresAt: Date }): void {
  if (link.usedAt) throw new ActRefusedError('link-used');
  if (link.expiresAt.getTime() <= Date.now()) throw new ActRefusedError('link-expired');
}

/** The link of a secret, locked; throws `link-unknown`, `link-used` and `link-expired`. */
async function lockLink(
  tx: Executor,
  kind: 'setup' | 'password',
  secret: string,
): Promise<typeof accountLinks.$inferSelect> {
  const [found] = await tx
    .select()
    .from(accountLinks)
    .where(and(eq(accountLinks.kind, kind), eq(accountLinks.secretHash, hashOf(secret))))
    .for('update');
  if (!found) throw new ActRefusedError('link-unknown');
  requireUsable(found);
  return found;
}

/** Says that a link was used. */
async function useLink(tx: Executor, id: string): Promise<void> {
  await tx.update(accountLinks).set({ usedAt: sql`now()` }).where(eq(accountLinks.id, id));
}

/** Whose password a link is for. */
export interface PasswordLinkFacts {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly isInstallationAdmin: boolean;
  readonly expiresAt: Date;
}

/** Whose password a link is for; throws `link-unknown`, `link-used`, `link-expired`. */
export async function lookAtPasswordLink(database: Database, secret: string): Promise<PasswordLinkFacts> {
  return database.drizzle.transaction((tx) => findPasswordLink(tx, secret).then(({ facts }) => facts));
}

async function findPasswordLink(tx: Executor, secret: string): Promise<{ id: string; facts: PasswordLinkFacts }> {
  const link = await lockLink(tx, 'password', secret);
  const [person] = await tx
    .select({
      userId: user.id,
      name: user.name,
      email: user.email,
      isInstallationAdmin: user.isInstallationAdmin,
    })
    .from(user)
    .where(and(eq(user.id, link.userId ?? ''), isNull(user.disabledAt)));
  if (!person || !(await mayMakeLinks(tx, link.createdBy))) throw new ActRefusedError('link-unknown');
  return { id: link.id, facts: { ...person, expiresAt: link.expiresAt } };
}

/** Whoever administers the installation no more comes back by no link that they made, into nobody's account. Of who was deleted nobody knows. */
async function mayMakeLinks(tx: Executor, userId: string | null): Promise<boolean> {
  const [maker] = await tx
    .select({ id: user.id })
    .from(user)
    .where(and(eq(user.id, userId ?? ''), user.isInstallationAdmin, isNull(user.disabledAt)));
  return maker !== undefined;
}

/** Sets the password that the person of a link has chosen, and ends their sessions. */
export async function usePasswordLink(
  database: Database,
  input: { readonly secret: string; readonly passwordHash: string; readonly address: string | null },
): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    const { id, facts } = await findPasswordLink(tx, input.secret);
    const { userId } = facts;
    await useLink(tx, id);
    await setPassword(tx, userId, input.passwordHash);
    // A program's tokens are another matter; a person has none of those.
    const ended = await tx.delete(session).where(eq(session.userId, userId)).returning({ id: session.id });
    await recordEvent(
      tx,
      { actor: `user:${userId}`, sessionId: null, address: input.address },
      { kind: 'password-reset', subject: `user:${userId}`, after: { endedSessions: ended.length } },
    );
  });
}

/** What an invitation says to who holds its link. */
export interface InvitationFacts {
  readonly invitation: InvitationRow;
  readonly workspace: string;
  readonly invitedBy: string | null;
  /** Whoever invited administers the installation: they know whose address it is. */
  readonly isByInstallation: boolean;
  /** The account of the address that was invited. */
  readonly accountId: string | null;
}

/** What stands behind the link of an invitation; throws `link-unknown`, `link-used`, `link-expired`. */
export async function lookAtInvitation(executor: Executor, secret: string): Promise<InvitationFacts> {
  const [found] = await executor
    .select({
      invitation: invitations,
      workspace: workspaces.name,
      archivedAt: workspaces.archivedAt,
      invitedBy: sql<string | null>`(select u.name from ${user} u where u.id = ${invitations.createdBy})`,
      accountId: sql<string | null>`(select u.id from ${user} u where u.email = ${invitations.email})`,
      isVouchedFor: inviterMayInvite,
      isByInstallation: sql<boolean>`exists (select from ${user} u where u.id = ${invitations.createdBy} and u.is_installation_admin)`,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .where(eq(invitations.secretHash, hashOf(secret)));
  // What was taken back leads nowhere, as if it had never been.
  if (!found || found.invitation.revokedAt || found.archivedAt) throw new ActRefusedError('link-unknown');
  requireUsable({ usedAt: found.invitation.acceptedAt, expiresAt: found.invitation.expiresAt });
  if (!found.isVouchedFor) throw new ActRefusedError('link-expired');
  return found;
}

/** Who accepts an invitation: somebody with an account, or who gets one by it. */
export type Accepting =
  | { readonly userId: string; readonly sessionId: string }
  | { readonly name: string; readonly passwordHash: string };

/**
 * Makes who was invited a member, with an account where they had none. Throws as `lookAtInvitation` does, `invited-as-another`,
 * `email-taken` and `already-member`.
 */
export async function acceptInvitation(
  database: Database,
  input: { readonly secret: string; readonly accepting: Accepting; readonly address: string | null },
): Promise<{ workspace: string; email: string }> {
  const { accepting, address } = input;
  return database.drizzle.transaction(async (tx) => {
    const seen = await lookAtInvitation(tx, input.secret);
    await lockWorkspace(tx, seen.invitation.workspaceId);
    // Somebody else may have used, renewed or taken it back until the workspace was free.
    const { invitation, accountId, isByInstallation } = await lookAtInvitation(tx, input.secret);
    const { workspaceId, email, role, memberExpiresAt } = invitation;
    if (memberExpiresAt && memberExpiresAt.getTime() <= Date.now()) throw new ActRefusedError('link-expired');
    if ('userId' in accepting && accepting.userId !== accountId) throw new ActRefusedError('invited-as-another');
    const userId =
      'userId' in accepting
        ? accepting.userId
        : await insertAccount(tx, { ...accepting, email, isAddressUnproven: !isByInstallation });
    const author: Author = {
      actor: `user:${userId}`,
      sessionId: 'sessionId' in accepting ? accepting.sessionId : null,
      address,
    };
    if (!('userId' in accepting)) {
      const after = { name: accepting.name, email };
      await recordEvent(tx, author, { kind: 'account-created', subject: `user:${userId}`, after });
    }
    await insertMember(tx, { workspaceId, userId, role, expiresAt: memberExpiresAt });
    const taken = await tx
      .update(invitations)
      .set({ acceptedAt: sql`now()`, acceptedBy: userId })
      .where(and(eq(invitations.id, invitation.id), isNull(invitations.revokedAt)))
      .returning({ id: invitations.id });
    // Where the account of who invited was shut out meanwhile, which holds no workspace but its own.
    if (taken.length === 0) throw new ActRefusedError('link-unknown');
    await recordEvent(tx, author, {
      kind: 'invitation-accepted',
      workspaceId,
      subject: `user:${userId}`,
      after: { invitation: invitation.id, role, ...(memberExpiresAt ? { expiresAt: memberExpiresAt } : {}) },
    });
    return { workspace: workspaceId, email };
  });
}

/** How long the link of the first set-up lasts. */
const SET_UP_HOURS = 7 * 24;

/** Somebody real who administers the installation and may sign in. */
const realAdministrator = and(user.isInstallationAdmin, isNull(user.disabledAt), eq(user.isDemo, false));

/** Whether the installation waits for its first administrator. The demo's, whose passwords everybody knows, are none. */
export async function needsSetUp(executor: Executor): Promise<boolean> {
  if (await hasInstallationAdmin(executor)) return false;
  const [workspace] = await executor
    .select({ id: user.id })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(and(eq(members.role, 'admin'), isNull(user.disabledAt), eq(user.isDemo, false), ne(user.kind, 'service')))
    .limit(1);
  return workspace === undefined;
}

/** Whether people sign in here whose passwords everybody knows. */
export async function isDemo(executor: Executor): Promise<boolean> {
  const [found] = await executor
    .select({ id: user.id })
    .from(user)
    .where(and(user.isDemo, isNull(user.disabledAt)))
    .limit(1);
  return found !== undefined;
}

/** Whether somebody real administers the installation. */
async function hasInstallationAdmin(executor: Executor): Promise<boolean> {
  const [found] = await executor.select({ id: user.id }).from(user).where(realAdministrator).limit(1);
  return found !== undefined;
}

/** Makes the link by which the installation is set up, in place of a former one; undefined where it is set up. */
export async function makeSetUpLink(database: Database, author: Author): Promise<MadeLink | undefined> {
  return database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    if (await hasInstallationAdmin(tx)) return undefined;
    const link = await insertLink(tx, { kind: 'setup', userId: null, createdBy: null, hours: SET_UP_HOURS });
    await recordEvent(tx, author, { kind: 'set-up-link-made', after: { expiresAt: link.expiresAt } });
    return link;
  });
}

/** Throws as `setUp` would before anybody's password is looked at. */
export async function lookAtSetUp(database: Database, secret: string): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    if (await hasInstallationAdmin(tx)) throw new ActRefusedError('set-up-done');
    await lockLink(tx, 'setup', secret);
  });
}

/** Makes the first administrator and the first workspace. Throws `set-up-done`, and what `lockLink` does. */
export async function setUp(
  database: Database,
  input: {
    readonly secret: string;
    readonly name: string;
    readonly email: string;
    readonly passwordHash: string;
    readonly workspace: string;
    readonly address: string | null;
  },
): Promise<{ workspace: string; email: string }> {
  const { name, email, passwordHash } = input;
  return database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    if (await hasInstallationAdmin(tx)) throw new ActRefusedError('set-up-done');
    const link = await lockLink(tx, 'setup', input.secret);
    await useLink(tx, link.id);
    const userId = await insertAccount(tx, { name, email, passwordHash, isInstallationAdmin: true });
    const author: Author = { actor: 'setup', sessionId: null, address: input.address };
    const after = { name, email, isInstallationAdmin: true };
    await recordEvent(tx, author, { kind: 'account-created', subject: `user:${userId}`, after });
    const workspace = oneRow(
      await tx.insert(workspaces).values({ name: input.workspace }).returning({ id: workspaces.id }),
    ).id;
    await recordEvent(tx, author, {
      kind: 'workspace-created',
      workspaceId: workspace,
      subject: `workspace:${workspace}`,
      after: { name: input.workspace },
    });
    await insertMember(tx, { workspaceId: workspace, userId, role: 'admin', expiresAt: null });
    await recordEvent(tx, author, {
      kind: 'member-added',
      workspaceId: workspace,
      subject: `user:${userId}`,
      after: { role: 'admin' },
    });
    return { workspace, email };
  });
}
