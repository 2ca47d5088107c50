import { and, eq, isNull, ne } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { account, accountLinks, session } from '../schema/index.ts';
import { recordSignInEvent } from './sign-in-events.ts';

const isPasswordOf = (userId: string) => and(eq(account.userId, userId), eq(account.providerId, 'credential'));

/** The hash of an account's password; undefined when it has none. */
export async function getPasswordHash(executor: Executor, userId: string): Promise<string | undefined> {
  const [row] = await executor.select({ hash: account.password }).from(account).where(isPasswordOf(userId));
  return row?.hash ?? undefined;
}

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
      .where(and(isPasswordOf(userId), eq(account.password, oldHash)))
      .returning({ id: account.id });
    if (changed.length === 0) return false;
    await tx.delete(session).where(and(eq(session.userId, userId), ne(session.id, sessionId)));
    await tx
      .update(accountLinks)
      .set({ usedAt: new Date() })
      .where(and(eq(accountLinks.userId, userId), isNull(accountLinks.usedAt)));
    await recordSignInEvent(tx, { kind: 'password-changed', userId, sessionId, address });
    return true;
  });
}
