import { and, eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { twoFactor, user } from '../schema/auth.ts';

/** What is encrypted of a second factor. */
export interface SecondFactorSecrets {
  readonly secret: string;
  readonly backupCodes: string;
}

/** The secrets of all second factors, encrypted. */
export async function listSecondFactors(executor: Executor): Promise<({ id: string } & SecondFactorSecrets)[]> {
  return executor
    .select({ id: twoFactor.id, secret: twoFactor.secret, backupCodes: twoFactor.backupCodes })
    .from(twoFactor);
}

/** The recovery codes of somebody with confirmed one-time passwords, encrypted; undefined for everybody else. */
export async function findRecoveryCodes(executor: Executor, userId: string): Promise<string | undefined> {
  const [found] = await executor
    .select({ backupCodes: twoFactor.backupCodes })
    .from(twoFactor)
    .innerJoin(user, eq(user.id, twoFactor.userId))
    .where(and(eq(twoFactor.userId, userId), eq(user.twoFactorEnabled, true)));
  return found?.backupCodes;
}

/** Puts the same secrets, encrypted anew, in the place of others, unless they have changed meanwhile. */
export async function replaceSecondFactor(
  executor: Executor,
  before: { readonly id: string } & SecondFactorSecrets,
  after: SecondFactorSecrets,
): Promise<void> {
  await executor
    .update(twoFactor)
    .set({ secret: after.secret, backupCodes: after.backupCodes })
    .where(
      and(
        eq(twoFactor.id, before.id),
        eq(twoFactor.secret, before.secret),
        eq(twoFactor.backupCodes, before.backupCodes),
      ),
    );
}
