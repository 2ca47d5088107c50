import { and, eq, isNull, ne } from 'drizzle-orm';
import type { Database } from '../connect.ts';
import { account, accountLinks, session } from '../schema/index.ts';
import { endSessions } from './end-sessions.ts';
import { recordSignInEvent } from './sign-in-events.ts';

interface PasswordChange {
  readonly userId: string;
  /** In which it is done; all others of the account end. */
  readonly sessionId: string;
  readonly address: string | null;
  /** That of the password that was shown. */
  readonly oldHash: string;
  readonly newHash: string;
}

/**
 * Gives an account another password, ends its other sessions and links to a new password, and puts that on record: all of it or
 * nothing. False when the password was changed meanwhile.
 */
export async function changeOwnPassword({ drizzle }: Database, change: PasswordChange): Promise<boolean> {
  const { userId, sessionId, address, oldHash, newHash } = change;
  return drizzle.transaction(async (tx) => {
    const changed = await tx
      .update(account)
      .set({ password: newHash, updatedAt: new Date() })
      .where(and(eq(account.userId, userId), eq(account.providerId, 'credential'), eq(account.password, oldHash)))
      .returning({ id: account.id });
    if (changed.length === 0) return false;
    const author = { actor: `user:${userId}`, sessionId, address };
    await endSessions(tx, author, { where: and(eq(session.userId, userId), ne(session.id, sessionId)) });
    await tx
      .update(accountLinks)
      .set({ usedAt: new Date() })
      .where(and(eq(accountLinks.userId, userId), isNull(accountLinks.usedAt)));
    await recordSignInEvent(tx, { kind: 'password-changed', userId, sessionId, address });
    return true;
  });
}
