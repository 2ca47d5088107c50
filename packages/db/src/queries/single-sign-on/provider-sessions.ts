import { and, eq, inArray, lte } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { account, session } from '../../schema/index.ts';
import { SYSTEM } from '../administration/act.ts';
import { endSessions } from '../end-sessions.ts';
import { providerAccountId, SINGLE_SIGN_ON } from './provider-person.ts';

/** Which sessions the provider has ended: those of a person, or the one of one session of its own. */
export interface EndedAtProvider {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly providerSession: string | undefined;
  /** What began later goes on: the provider's word is older. */
  readonly until: Date;
}

/**
 * Ends the sessions that the provider of single sign-on has ended: those begun through it, and where it names no session of its own all
 * of that person. Each with its event; a trigger tells every node. How many they were.
 */
export async function endProviderSessions(database: Database, ended: EndedAtProvider): Promise<number> {
  const { issuer, subject, providerSession, until } = ended;
  if (subject === undefined && providerSession === undefined) throw new Error('a logout names nobody');
  const people = database.drizzle
    .select({ id: account.userId })
    .from(account)
    .where(
      and(
        eq(account.providerId, SINGLE_SIGN_ON),
        subject === undefined ? undefined : eq(account.accountId, providerAccountId({ issuer, subject })),
      ),
    );
  const where = and(
    inArray(session.userId, people),
    lte(session.createdAt, until),
    providerSession === undefined ? undefined : eq(session.providerSession, providerSession),
  );
  return database.drizzle.transaction((tx) => endSessions(tx, SYSTEM, { where, because: 'provider' }));
}

/** The provider's ID token of a session that was begun through it; undefined of others. */
export async function findProviderToken(executor: Executor, sessionId: string): Promise<string | undefined> {
  const [found] = await executor
    .select({ token: session.providerToken })
    .from(session)
    .where(eq(session.id, sessionId));
  return found?.token ?? undefined;
}
