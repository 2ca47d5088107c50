import { eq } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { account, user } from '../../schema/index.ts';
import { ActRefusedError } from './act.ts';
import { newId } from './secrets.ts';

/** Where better-auth keeps a password. */
const PASSWORD_PROVIDER = 'credential';

interface NewAccountRow {
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly isInstallationAdmin?: boolean;
  /** Nobody who could know has said that the address is theirs. */
  readonly isAddressUnproven?: boolean;
  /** As better-auth hashes it; without one nobody signs in by password. */
  readonly passwordHash?: string;
}

/** Makes a person's account; its id. Its address counts as verified: an administrator vouches for it. Throws `email-taken`. */
export async function insertAccount(tx: Executor, input: NewAccountRow): Promise<string> {
  const { name, email, isInstallationAdmin = false, isAddressUnproven = false, passwordHash } = input;
  const id = newId();
  const made = await tx
    .insert(user)
    .values({ id, name, email, emailVerified: true, isInstallationAdmin, isAddressUnproven })
    .onConflictDoNothing({ target: user.email })
    .returning({ id: user.id });
  if (made.length === 0) throw new ActRefusedError('email-taken');
  if (passwordHash !== undefined) await setPassword(tx, id, passwordHash);
  return id;
}

/** Sets the password of an account, in better-auth's form. */
export async function setPassword(tx: Executor, userId: string, passwordHash: string): Promise<void> {
  const own = await tx
    .select({ id: account.id, providerId: account.providerId })
    .from(account)
    .where(eq(account.userId, userId));
  const kept = own.find(({ providerId }) => providerId === PASSWORD_PROVIDER);
  if (kept) {
    await tx.update(account).set({ password: passwordHash, updatedAt: new Date() }).where(eq(account.id, kept.id));
  } else {
    await tx
      .insert(account)
      .values({ id: newId(), accountId: userId, providerId: PASSWORD_PROVIDER, userId, password: passwordHash });
  }
}
