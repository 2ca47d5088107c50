import { and, desc, eq, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { account, session } from '../schema/index.ts';
import { type Author, recordEvent, SYSTEM } from './administration/act.ts';
import { endSessions } from './end-sessions.ts';
import { type SessionRules, sessionEnd, sessionEndMs, sessionStands } from './session-rules.ts';

type SessionEventKind = 'session-started' | 'session-ended' | 'reauthenticated' | 'reauthentication-failed';

/** What happened to a session, and whose it is. */
export interface SessionEvent {
  readonly kind: SessionEventKind;
  readonly subject: { readonly sessionId: string };
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** Writes what happened to a session, in the transaction in which it does (R5.1). */
export async function recordSessionEvent(tx: Executor, author: Author, event: SessionEvent): Promise<void> {
  await recordEvent(tx, author, { ...event, subject: `session:${event.subject.sessionId}` });
}

/** A session of a person, as they see it. */
export interface ListedSession {
  readonly id: string;
  readonly kind: 'browser' | 'terminal' | 'service';
  readonly label: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly lastInputAt: Date;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly isShared: boolean;
}

/** The sessions of a person that stand, the youngest first. */
export async function listSessions(executor: Executor, userId: string, rules: SessionRules): Promise<ListedSession[]> {
  return executor
    .select({
      id: session.id,
      kind: session.kind,
      label: session.label,
      userAgent: session.userAgent,
      address: session.ipAddress,
      createdAt: session.createdAt,
      lastInputAt: session.lastInputAt,
      expiresAt: sessionEndMs(rules),
      isShared: session.isShared,
    })
    .from(session)
    .where(and(eq(session.userId, userId), sessionStands(rules)))
    .orderBy(desc(session.createdAt), desc(session.id));
}

/** Which sessions of a person are meant: one, all but one, or all. */
export type OwnSessions = { readonly only: string } | { readonly except: string } | 'all';

/** Ends sessions of a person, each with its event; how many there were. */
export async function endOwnSessions(
  database: Database,
  author: Author,
  { userId, which }: { readonly userId: string; readonly which: OwnSessions },
): Promise<number> {
  const where = and(eq(session.userId, userId), meant(which));
  return database.drizzle.transaction((tx) => endSessions(tx, author, { where }));
}

function meant(which: OwnSessions) {
  if (which === 'all') return undefined;
  return 'only' in which ? eq(session.id, which.only) : ne(session.id, which.except);
}

/** Ends, before another begins, the sessions of a person whose time is over: nobody else would take them away. Programs keep theirs. */
export async function dropEndedSessions(database: Database, userId: string, rules: SessionRules): Promise<void> {
  const where = and(eq(session.userId, userId), ne(session.kind, 'service'), sql`${sessionEnd(rules)} <= now()`);
  await database.drizzle.transaction((tx) => endSessions(tx, SYSTEM, { where, because: 'time' }));
}

/** Ends the sessions of all people whose time is over; who did so first has the events. Programs keep theirs. */
export async function endExpiredSessions(database: Database, rules: SessionRules): Promise<number> {
  const where = and(ne(session.kind, 'service'), sql`${sessionEnd(rules)} <= now()`);
  return database.drizzle.transaction((tx) => endSessions(tx, SYSTEM, { where, because: 'time' }));
}

/** Input that was noted so short a while ago is not noted again. */
const NOTED_AGAIN_S = 10;

/** The person of a session was there just now. One that is over stays so. */
export async function noteInput(executor: Executor, sessionId: string, rules: SessionRules): Promise<void> {
  await executor
    .update(session)
    .set({ lastInputAt: sql`now()` })
    .where(
      and(
        eq(session.id, sessionId),
        sql`${session.lastInputAt} < now() - ${NOTED_AGAIN_S}::float8 * interval '1 second'`,
        sessionStands(rules),
      ),
    );
}

/** The session is signed with this key from now on. */
export async function adoptKey(executor: Executor, sessionId: string, keyId: string): Promise<void> {
  await executor.update(session).set({ keyId }).where(eq(session.id, sessionId));
}

/** The person of a session has proven once more who they are. */
export async function noteProof(database: Database, author: Author & { readonly sessionId: string }) {
  const { sessionId } = author;
  await database.drizzle.transaction(async (tx) => {
    await tx
      .update(session)
      .set({ authenticatedAt: sql`now()`, lastInputAt: sql`now()` })
      .where(eq(session.id, sessionId));
    await recordSessionEvent(tx, author, { kind: 'reauthenticated', subject: { sessionId } });
  });
}

/** What the password of an account is checked against; undefined where it has none. */
export async function findPasswordHash(executor: Executor, userId: string): Promise<string | undefined> {
  const [row] = await executor
    .select({ password: account.password })
    .from(account)
    .where(and(eq(account.userId, userId), eq(account.providerId, 'credential')));
  return row?.password ?? undefined;
}
