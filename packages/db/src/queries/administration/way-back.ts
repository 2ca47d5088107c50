import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../connect.ts';
import { session, user } from '../../schema/index.ts';
import { dropSecondFactors } from '../drop-second-factors.ts';
import { ActRefusedError, type Author, differenceOf, recordEvent } from './act.ts';
import { lockInstallation } from './authority.ts';
import { insertLink, type MadeLink, PASSWORD_LINK_HOURS } from './links.ts';

/**
 * The way back in for whoever runs the server, when nobody is left who could let anybody in: makes the account of an address an
 * administrator of the installation, enables it, takes its second factors away and ends its sessions, and makes a link by which its person chooses a
 * password. All of it is on record as the author's. Throws `account-not-found` for an address that is nobody's, a program's or the demo's.
 */
export async function makeWayBack(database: Database, author: Author, email: string): Promise<MadeLink> {
  return database.drizzle.transaction(async (tx) => {
    await lockInstallation(tx);
    const [found] = await tx
      .select()
      .from(user)
      .where(and(eq(user.email, email.trim().toLowerCase()), eq(user.kind, 'person'), eq(user.isDemo, false)))
      .for('update');
    if (!found) throw new ActRefusedError('account-not-found');
    const subject = `user:${found.id}`;
    await tx
      .update(user)
      .set({ isInstallationAdmin: true, disabledAt: null, updatedAt: sql`now()` })
      .where(eq(user.id, found.id));
    const difference = differenceOf(
      { isDisabled: found.disabledAt !== null, isInstallationAdmin: found.isInstallationAdmin },
      { isDisabled: false, isInstallationAdmin: true },
    );
    if (difference) await recordEvent(tx, author, { kind: 'account-changed', subject, ...difference });
    const passkeys = await dropSecondFactors(tx, found.id);
    await tx.delete(session).where(eq(session.userId, found.id));
    if (passkeys > 0 || found.twoFactorEnabled)
      await recordEvent(tx, author, {
        kind: 'second-factors-removed',
        subject,
        before: { hasSecondFactor: found.twoFactorEnabled, passkeys },
      });
    // As if by themselves: they administer, so that the link leads somewhere, and no longer once somebody takes that from them.
    const link = await insertLink(tx, {
      kind: 'password',
      userId: found.id,
      createdBy: found.id,
      hours: PASSWORD_LINK_HOURS,
    });
    await recordEvent(tx, author, { kind: 'password-link-made', subject, after: { expiresAt: link.expiresAt } });
    return link;
  });
}
