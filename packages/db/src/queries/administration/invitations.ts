import type { Invitation, Role } from '@meldesync/protocol';
import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { invitations, members, user } from '../../schema/index.ts';
import { ActRefusedError, type Administrator, isoOf, oneRow, recordEvent } from './act.ts';
import { lockWorkspace, requireWorkspaceAdmin } from './authority.ts';
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

/** How an invitation stands. */
export function stateOf(row: InvitationRow): Invitation['state'] {
  if (row.acceptedAt) return 'accepted';
  if (row.revokedAt) return 'revoked';
  return row.expiresAt.getTime() <= Date.now() ? 'expired' : 'open';
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    memberExpiresAt: isoOf(row.memberExpiresAt),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    state: stateOf(row),
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
    .select()
    .from(invitations)
    .where(eq(invitations.workspaceId, workspaceId))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(LIST_LIMIT);
  return rows.map(toInvitation);
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
    await lockWorkspace(tx, workspaceId);
    await requireWorkspaceAdmin(tx, administrator, workspaceId, { isFresh: true });
    if (await isMember(tx, workspaceId, input.email)) throw new ActRefusedError('already-member');
    return insertInvitation(tx, administrator, input);
  });
}

async function isMember(tx: Executor, workspaceId: string, email: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: user.id })
    .from(members)
    .innerJoin(user, eq(user.id, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), eq(user.email, email)));
  return found !== undefined;
}

async function insertInvitation(
  tx: Executor,
  administrator: Administrator,
  input: NewInvitation & { readonly workspaceId: string },
): Promise<InvitationWithSecret> {
  const { workspaceId, email, name, role, memberExpiresAt } = input;
  const replaced = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.workspaceId, workspaceId), eq(invitations.email, email), isOpen))
    .returning({ id: invitations.id });
  const secret = newSecret();
  const row = oneRow(
    await tx
      .insert(invitations)
      .values({
        workspaceId,
        email,
        name,
        role,
        memberExpiresAt,
        secretHash: hashOf(secret),
        createdBy: administrator.userId,
        expiresAt: hoursFromNow(INVITATION_DAYS * 24),
      })
      .returning(),
  );
  await recordEvent(tx, administrator, {
    kind: 'member-invited',
    workspaceId,
    subject: `invitation:${row.id}`,
    ...(replaced.length > 0 ? { before: { replaced: replaced.map(({ id }) => id) } } : {}),
    after: contentOf(row),
  });
  return { invitation: toInvitation(row), secret };
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

/** Invites many in one transaction, in their order. Who is a member or invited already, with the same role, is left as they are. */
export async function inviteMany(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly rows: readonly NewInvitation[] },
): Promise<ImportedRow[]> {
  const { workspaceId } = input;
  return database.drizzle.transaction(async (tx) => {
    await lockWorkspace(tx, workspaceId);
    await requireWorkspaceAdmin(tx, administrator, workspaceId, { isFresh: true });
    const outcomes: ImportedRow[] = [];
    for (const row of input.rows) {
      const isThere = (await isMember(tx, workspaceId, row.email)) || (await isInvited(tx, workspaceId, row));
      outcomes.push(
        isThere
          ? { outcome: 'unchanged' }
          : { outcome: 'invited', made: await insertInvitation(tx, administrator, { ...row, workspaceId }) },
      );
    }
    return outcomes;
  });
}

async function isInvited(tx: Executor, workspaceId: string, { email, role }: NewInvitation): Promise<boolean> {
  const [found] = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, workspaceId),
        eq(invitations.email, email),
        eq(invitations.role, role),
        isOpen,
        sql`${invitations.expiresAt} > now()`,
      ),
    );
  return found !== undefined;
}

/** Gives an invitation a new link, and seven more days; its former link leads nowhere. */
export async function renewInvitation(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly invitationId: string },
): Promise<InvitationWithSecret> {
  const { workspaceId, invitationId } = input;
  return database.drizzle.transaction(async (tx) => {
    await lockWorkspace(tx, workspaceId);
    await requireWorkspaceAdmin(tx, administrator, workspaceId, { isFresh: true });
    const before = await findOpen(tx, workspaceId, invitationId);
    requireFuture(before.memberExpiresAt);
    const secret = newSecret();
    const row = oneRow(
      await tx
        .update(invitations)
        .set({ secretHash: hashOf(secret), expiresAt: hoursFromNow(INVITATION_DAYS * 24) })
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
    await lockWorkspace(tx, workspaceId);
    await requireWorkspaceAdmin(tx, administrator, workspaceId, { isFresh: false });
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
