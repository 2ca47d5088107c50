import type { LimitRole, ServiceAccount, ServiceToken } from '@meldesync/protocol';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { members, session, user } from '../../schema/index.ts';
import { ActRefusedError, type Administrator, oneRow, recordEvent, recordEvents } from './act.ts';
import { beginWorkspaceAct, requireWorkspaceAdmin } from './authority.ts';
import { insertMember, readMember, readMembers, requireFuture } from './members.ts';
import { newId } from './secrets.ts';

/** How long a token lasts at most. */
const MAX_TOKEN_MS = 366 * 24 * 3_600_000;

type SessionRow = typeof session.$inferSelect;

function toToken(row: SessionRow): ServiceToken {
  return {
    id: row.id,
    label: row.label ?? '',
    maxRole: row.maxRole ?? 'viewer',
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastInputAt.getTime() > row.createdAt.getTime() ? row.lastInputAt.toISOString() : null,
  };
}

/** The programs of a workspace, with their tokens. */
export async function listServiceAccounts(
  executor: Executor,
  administrator: Administrator,
  workspaceId: string,
): Promise<ServiceAccount[]> {
  await requireWorkspaceAdmin(executor, administrator, workspaceId, { isFresh: false });
  const found = await readMembers(executor, and(eq(members.workspaceId, workspaceId), eq(user.kind, 'service')));
  if (found.length === 0) return [];
  const tokens = await executor
    .select()
    .from(session)
    .where(
      and(
        eq(session.kind, 'service'),
        inArray(
          session.userId,
          found.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(session.createdAt), asc(session.id));
  return found.map((member) => ({
    member,
    tokens: tokens.filter(({ userId }) => userId === member.id).map(toToken),
  }));
}

/** Makes an account for a program, as a member of the workspace. It has no address, and signs in by tokens alone. */
export async function createServiceAccount(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly name: string; readonly role: LimitRole },
): Promise<ServiceAccount> {
  const { workspaceId, name, role } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    const userId = newId();
    // No mail goes to `.invalid` (RFC 2606), and nobody signs in with it.
    await tx.insert(user).values({ id: userId, name, email: `${userId}@service.invalid`, kind: 'service' });
    await insertMember(tx, { workspaceId, userId, role, expiresAt: null });
    await recordEvent(tx, administrator, {
      kind: 'service-account-created',
      workspaceId,
      subject: `user:${userId}`,
      after: { name, role },
    });
    return { member: await readMember(tx, workspaceId, userId), tokens: [] };
  });
}

async function requireProgram(tx: Executor, workspaceId: string, userId: string): Promise<void> {
  const member = await readMember(tx, workspaceId, userId);
  if (member.kind !== 'service') throw new ActRefusedError('member-not-found');
}

/** What the table keeps of a token, and what it is signed with. */
export interface StoredToken {
  readonly token: string;
  readonly keyId: string | null;
}

/** Gives a program a token that ends: a session, limited to the workspace and to a role. */
export async function createServiceToken(
  database: Database,
  administrator: Administrator,
  input: {
    readonly workspaceId: string;
    readonly userId: string;
    readonly label: string;
    readonly maxRole: LimitRole;
    readonly expiresAt: Date;
    readonly stored: StoredToken;
  },
): Promise<ServiceToken> {
  const { workspaceId, userId, label, maxRole, expiresAt, stored } = input;
  requireFuture(expiresAt);
  if (expiresAt.getTime() > Date.now() + MAX_TOKEN_MS) throw new ActRefusedError('expiry-invalid');
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    await requireProgram(tx, workspaceId, userId);
    const now = new Date();
    const row = oneRow(
      await tx
        .insert(session)
        .values({
          id: newId(),
          userId,
          ...stored,
          kind: 'service',
          label,
          maxRole,
          workspaceId,
          expiresAt,
          createdAt: now,
          updatedAt: now,
          lastInputAt: now,
        })
        .returning(),
    );
    await recordEvent(tx, administrator, {
      kind: 'token-created',
      workspaceId,
      subject: `user:${userId}`,
      after: { token: row.id, label, maxRole, expiresAt },
    });
    return toToken(row);
  });
}

/** Which tokens of a program are to end; without an id all of them. */
interface TokensToEnd {
  readonly workspaceId: string;
  readonly userId: string;
  readonly tokenId?: string;
}

/** Ends a token of a program; from then on it opens nothing. Throws `token-not-found`. */
export async function endServiceToken(
  database: Database,
  administrator: Administrator,
  input: Required<TokensToEnd>,
): Promise<void> {
  await database.drizzle.transaction(async (tx) => {
    if ((await endTokens(tx, administrator, input)) === 0) throw new ActRefusedError('token-not-found');
  });
}

/** Ends all tokens of a program, each on record; how many there were. */
export async function endServiceTokens(
  database: Database,
  administrator: Administrator,
  input: Omit<TokensToEnd, 'tokenId'>,
): Promise<number> {
  return database.drizzle.transaction((tx) => endTokens(tx, administrator, input));
}

async function endTokens(tx: Executor, administrator: Administrator, input: TokensToEnd): Promise<number> {
  const { workspaceId, userId, tokenId } = input;
  await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: false });
  await requireProgram(tx, workspaceId, userId);
  const ofProgram = and(eq(session.userId, userId), eq(session.kind, 'service'));
  const ended = await tx
    .delete(session)
    .where(tokenId === undefined ? ofProgram : and(ofProgram, eq(session.id, tokenId)))
    .returning();
  await recordEvents(
    tx,
    administrator,
    ended.map(({ id, label, maxRole, expiresAt }) => ({
      kind: 'token-ended',
      workspaceId,
      subject: `user:${userId}`,
      before: { token: id, label, maxRole, expiresAt },
    })),
  );
  return ended.length;
}
