import { eq } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { account, passkey, session, twoFactor, user } from '../../schema/index.ts';
import type { Author } from '../administration/act.ts';
import { endSessions } from '../end-sessions.ts';

/**
 * Takes away every way into an account that was there before the provider of single sign-on said whose address it has, and ends its
 * sessions: whoever held an invitation's link chose them, and may have been anybody. What there was, for the event.
 */
export async function dropUnproven(tx: Executor, author: Author, userId: string): Promise<Record<string, unknown>> {
  const ways = await tx.delete(account).where(eq(account.userId, userId)).returning({ provider: account.providerId });
  const passkeys = await tx.delete(passkey).where(eq(passkey.userId, userId)).returning({ id: passkey.id });
  await tx.delete(twoFactor).where(eq(twoFactor.userId, userId));
  await tx.update(user).set({ twoFactorEnabled: false }).where(eq(user.id, userId));
  await endSessions(tx, author, { where: eq(session.userId, userId) });
  return { providers: ways.map(({ provider }) => provider), passkeys: passkeys.length };
}
