import { and, eq, isNull } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { user } from '../schema/index.ts';

/** Id of the person with this e-mail address; undefined when there is none. */
export async function findUserByEmail(executor: Executor, email: string): Promise<string | undefined> {
  const [row] = await executor.select({ id: user.id }).from(user).where(eq(user.email, email));
  return row?.id;
}

/** Whether somebody may sign in with the account: a person, who is not disabled. */
export async function mayHoldSessions(executor: Executor, userId: string): Promise<boolean> {
  const rows = await executor
    .select({ id: user.id })
    .from(user)
    .where(and(eq(user.id, userId), eq(user.kind, 'person'), isNull(user.disabledAt)));
  return rows.length > 0;
}
