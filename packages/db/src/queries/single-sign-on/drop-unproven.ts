import { eq } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { account, session } from '../../schema/index.ts';
import type { Author } from '../administration/act.ts';
import { dropSecondFactors } from '../drop-second-factors.ts';
import { endSessions } from '../end-sessions.ts';

/**
 * Takes away every way into an account that was there before the provider of single sign-on said whose address it has, and ends its
 * sessions: whoever held an invitation's link chose them, and may have been anybody. What there was, for the event.
 */
export async function dropUnproven(tx: Executor, author: Author, userId: string): Promise<Record<string, unknown>> {
  const ways = await tx.delete(account).where(eq(account.userId, userId)).returning({ provider: account.providerId });
  const passkeys = await dropSecondFactors(tx, userId);
  await endSessions(tx, author, { where: eq(session.userId, userId) });
  return { providers: ways.map(({ provider }) => provider), passkeys };
}
