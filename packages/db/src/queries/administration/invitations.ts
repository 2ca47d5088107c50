import type { Invitation, Role } from '@meldesync/protocol';
import { and, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { invitations, members, user } from '../../schema/index.ts';
import { ActRefusedError, type Administrator, isoOf, oneRow, recordEvent, recordEvents } from './act.ts';
import { beginWorkspaceAct, requireWorkspaceAdmin } from './authority.ts';
import { inviterMayInvite } from './inviter.ts';
import { requireFuture } from './members.ts';
import { hashOf, newSecret } from './secrets.ts';

/** How long an invitation may be accepted. */
const INVITATION_DAYS = 7;
const LIST_LIMIT = 500;

export type InvitationRow = typeof invitations.$inferSelect;

/** An invitation with the secret of its link, which nobody is told again. */
export interface InvitationWithSecret {
  readonly invitation: Invitation;
  readonly secret: string;
}

/** When a link ends that is made now and lasts so many hours. */
export function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}

/** How an invitation stands; `isVouchedFor`: whoever made it may still invite. */
function stateOf(row: InvitationRow, isVouchedFor: boolean): Invitation['state'] {
  if (row.acceptedAt) return 'accepted';
  if (row.revokedAt) return 'revoked';
  return row.expiresAt.getTime() <= Date.now() || !isVouchedFor ? 'expired' : 'open';
}

function toInvitation(row: InvitationRow, isVouchedFor = true): Invitation {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    memberExpiresAt: isoOf(row.memberExpiresAt),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    state: stateOf(row, isVouchedFor),
  };
}

/** The latest invitations into a workspace, newest first. */
export async function listInvitations(
  executor: Executor,
  administrator: Administrator,
  workspaceId: string,
): Promise<Invitation[]> {
  await requireWorkspaceAdmin(executor, administrator, workspaceId, { isFresh: false });
  const rows = await executor
    .select({ row: invitations, isVouchedFor: inviterMayInvite })
    .from(invitations)
    .where(eq(invitations.workspaceId, workspaceId))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(LIST_LIMIT);
  return rows.map(({ row, isVouchedFor }) => toInvitation(row, isVouchedFor));
}

/** Whom an invitation is for, and as what. */
export interface NewInvitation {
  /** As `emailAddress` of the domain gives it. */
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly memberExpiresAt: Date | null;
}

const isOpen = sql`${invitations.acceptedAt} is null and ${invitations.revokedAt} is null`;

/**
 * Invites somebody into a workspace. An invitation of theirs that was open counts no more. Throws `already-member`, and
 * `expiry-invalid`.
 */
export async function invite(
  database: Database,
  administrator: Administrator,
  input: NewInvitation & { readonly workspaceId: string },
): Promise<InvitationWithSecret> {
  const { workspaceId } = input;
  requireFuture(input.memberExpiresAt);
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    if (await isMember(tx, workspaceId, input.email)) throw new ActRefusedError('already-member');
    return insertInvitation(tx, administrator, input);
  });
}

async function isMember(tx: Executor, workspaceId: string, email: string): Promise<boolean> {
  return (await membersOf(tx, workspaceId, [email])).has(email);
}

/** Which of the addresses are of members. */
async function membersOf(tx: Executor, workspaceId: string, emails: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ email: user.email })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), inArray(user.email, [...emails])));
  return new Set(rows.map(({ email }) => email));
}

async function insertInvitation(
  tx: Executor,
  administrator: Administrator,
  { workspaceId, ...wanted }: NewInvitation & { readonly workspaceId: string },
): Promise<InvitationWithSecret> {
  return oneRow(await insertInvitations(tx, administrator, { workspaceId, wanted: [wanted] }));
}

/** Invites people, each by another address, in a few statements however many they are; in their order. */
async function insertInvitations(
  tx: Executor,
  administrator: Administrator,
  { workspaceId, wanted }: { readonly workspaceId: string; readonly wanted: readonly NewInvitation[] },
): Promise<InvitationWithSecret[]> {
  if (wanted.length === 0) return [];
  const emails = wanted.map(({ email }) => email);
  const replaced = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.workspaceId, workspaceId), inArray(invitations.email, emails), isOpen))
    .returning({ id: invitations.id, email: invitations.email });
  const secrets = new Map(emails.map((email) => [email, newSecret()]));
  const secretOf = (email: string) => secrets.get(email) ?? '';
  const inserted = await tx
    .insert(invitations)
    .values(
      wanted.map(({ email, name, role, memberExpiresAt }) => ({
        workspaceId,
        email,
        name,
        role,
        memberExpiresAt,
        secretHash: hashOf(secretOf(email)),
        createdBy: administrator.userId,
        expiresAt: hoursFromNow(INVITATION_DAYS * 24),
      })),
    )
    .returning();
  const rowOf = new Map(inserted.map((row) => [row.email, row]));
  const rows = emails.flatMap((email) => rowOf.get(email) ?? []);
  await recordEvents(
    tx,
    administrator,
    rows.map((row) => {
      const before = replaced.filter(({ email }) => email === row.email).map(({ id }) => id);
      return {
        kind: 'member-invited',
        workspaceId,
        subject: `invitation:${row.id}`,
        ...(before.length > 0 ? { before: { replaced: before } } : {}),
        after: contentOf(row),
      };
    }),
  );
  return rows.map((row) => ({ invitation: toInvitation(row), secret: secretOf(row.email) }));
}

function contentOf(row: InvitationRow): Record<string, unknown> {
  return {
    email: row.email,
    role: row.role,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.memberExpiresAt === null ? {} : { memberExpiresAt: row.memberExpiresAt }),
  };
}

/** What became of a row of a file of members: invited, or nothing to do; or why not. */
export type ImportedRow =
  | { readonly outcome: 'invited'; readonly made: InvitationWithSecret }
  | { readonly outcome: 'unchanged' };

/** Invites many, each by another address, in one transaction, in their order. Who is a member or invited already, with the same role, is left as they are. */
export async function inviteMany(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly rows: readonly NewInvitation[] },
): Promise<ImportedRow[]> {
  const { workspaceId } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    const emails = input.rows.map(({ email }) => email);
    const there = await membersOf(tx, workspaceId, emails);
    const invited = await openInvitations(tx, workspaceId, emails);
    const wanted = input.rows.filter(({ email, role }) => !there.has(email) && invited.get(email) !== role);
    const made = await insertInvitations(tx, administrator, { workspaceId, wanted });
    const madeOf = new Map(made.map((one) => [one.invitation.email, one]));
    return input.rows.map(({ email }): ImportedRow => {
      const one = madeOf.get(email);
      return one ? { outcome: 'invited', made: one } : { outcome: 'unchanged' };
    });
  });
}

/** As what who of the addresses is invited. */
async function openInvitations(
  tx: Executor,
  workspaceId: string,
  emails: readonly string[],
): Promise<ReadonlyMap<string, Role>> {
  const rows = await tx
    .select({ email: invitations.email, role: invitations.role })
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, workspaceId),
        inArray(invitations.email, [...emails]),
        isOpen,
        sql`${invitations.expiresAt} > now()`,
        inviterMayInvite,
      ),
    );
  return new Map(rows.map(({ email, role }) => [email, role]));
}

/** Gives an invitation a new link, and seven more days; its former link leads nowhere. From then on it is of who did so: they hold the link. */
export async function renewInvitation(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly invitationId: string },
): Promise<InvitationWithSecret> {
  const { workspaceId, invitationId } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    const before = await findOpen(tx, workspaceId, invitationId);
    requireFuture(before.memberExpiresAt);
    const secret = newSecret();
    const row = oneRow(
      await tx
        .update(invitations)
        .set({
          secretHash: hashOf(secret),
          expiresAt: hoursFromNow(INVITATION_DAYS * 24),
          createdBy: administrator.userId,
        })
        .where(eq(invitations.id, invitationId))
        .returning(),
    );
    await recordEvent(tx, administrator, {
      kind: 'invitation-renewed',
      workspaceId,
      subject: `invitation:${invitationId}`,
      before: { expiresAt: before.expiresAt },
      after: { expiresAt: row.expiresAt },
    });
    return { invitation: toInvitation(row), secret };
  });
}

/** Takes an invitation back. */
export async function revokeInvitation(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly invitationId: string },
): Promise<void> {
  const { workspaceId, invitationId } = input;
  await database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: false });
    const before = await findOpen(tx, workspaceId, invitationId);
    await tx.update(invitations).set({ revokedAt: sql`now()` }).where(eq(invitations.id, invitationId));
    await recordEvent(tx, administrator, {
      kind: 'invitation-revoked',
      workspaceId,
      subject: `invitation:${invitationId}`,
      before: contentOf(before),
    });
  });
}

/** One that was neither accepted nor taken back, though it may have expired; throws `invitation-not-found`. */
async function findOpen(tx: Executor, workspaceId: string, id: string): Promise<InvitationRow> {
  const wanted: SQL | undefined = and(eq(invitations.id, id), eq(invitations.workspaceId, workspaceId));
  const [found] = await tx
    .select()
    .from(invitations)
    .where(and(wanted, isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
    .for('update');
  if (!found) throw new ActRefusedError('invitation-not-found');
  return found;
}
