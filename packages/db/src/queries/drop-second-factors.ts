import { eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { passkey, twoFactor, user } from '../schema/index.ts';

/** Takes passkeys, one-time passwords and recovery codes of an account away; how many passkeys there were. */
export async function dropSecondFactors(tx: Executor, userId: string): Promise<number> {
  const passkeys = await tx.delete(passkey).where(eq(passkey.userId, userId)).returning({ id: passkey.id });
  await tx.delete(twoFactor).where(eq(twoFactor.userId, userId));
  await tx.update(user).set({ twoFactorEnabled: false, updatedAt: new Date() }).where(eq(user.id, userId));
  return passkeys.length;
}
