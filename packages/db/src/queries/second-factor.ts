import { and, eq, ne, not, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { passkey, session, twoFactor, user } from '../schema/index.ts';
import type { Author } from './administration/act.ts';
import { endSessions } from './end-sessions.ts';

/**
 * Which of these sessions were begun with a password alone, by people who have no second factor: neither one-time passwords nor a
 * passkey. Who comes by a passkey has shown two, and of who comes by the hospital's provider that one knows.
 */
export async function findSingleFactorSessions(
  executor: Executor,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await executor.execute<{ id: string }>(sql`
    select ${session.id} as id from ${session} join ${user} on ${user.id} = ${session.userId}
    where ${session.id} = any(${sql.param([...sessionIds])}::text[])
      and ${session.kind} <> 'service' and coalesce(${session.method}, 'password') = 'password'
      and not ${user.twoFactorEnabled}
      and not exists (select from ${passkey} where ${passkey.userId} = ${user.id})`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether a passkey is all that somebody has beside their password: nobody is asked for a code then. */
export async function hasPasskeyAlone(executor: Executor, userId: string): Promise<boolean> {
  const rows = await executor
    .select({ id: passkey.id })
    .from(passkey)
    .innerJoin(user, eq(user.id, passkey.userId))
    .where(and(eq(user.id, userId), not(user.twoFactorEnabled)))
    .limit(1);
  return rows.length > 0;
}

/** Ends the sessions of somebody, but the one that is named, that a password alone has begun. In one transaction with their events. */
export async function endPasswordSessions(
  database: Database,
  author: Author,
  { userId, except }: { readonly userId: string; readonly except: string },
): Promise<void> {
  const where = and(
    eq(session.userId, userId),
    ne(session.id, except),
    ne(session.kind, 'service'),
    sql`coalesce(${session.method}, 'password') = 'password'`,
  );
  await database.drizzle.transaction((tx) => endSessions(tx, author, { where, because: 'second-factor' }));
}

/** Notes that a one-time password was used; false when it was used before, within the time in which it is valid. */
export async function useOneTimePassword(executor: Executor, userId: string, code: string): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    update ${twoFactor} set last_code = ${code}, last_code_at = now()
    where ${twoFactor.userId} = ${userId}
      and (${twoFactor.lastCode} is distinct from ${code} or ${twoFactor.lastCodeAt} < now() - interval '3 minutes')
    returning ${twoFactor.id}`);
  return rows.length > 0;
}

/** Whose passkey it is, by the id that its device gave it; undefined for one that nobody here has. */
export async function findUserOfPasskey(executor: Executor, credentialId: string): Promise<string | undefined> {
  const [row] = await executor
    .select({ userId: passkey.userId })
    .from(passkey)
    .where(eq(passkey.credentialID, credentialId));
  return row?.userId;
}
