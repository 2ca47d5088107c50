import { auth } from '../../api/auth.ts';
import { leavePage, SIGN_IN } from '../../api/leave-page.ts';
import { personOfPage } from '../../api/page-person.ts';
import { tellSignedOut } from '../../api/session-news.ts';
import { countKeptEdits, forgetLocalCopies } from '../../sync/persistence/local-copies.ts';
import { clearTab } from './tab-owner.ts';

/**
 * Ends this browser's session and opens the sign-in page anew, so that nothing of the person stays in memory or on the
 * disk. The person's edits that wait would be lost: `confirmLoss` is asked about them first. Those of others who use this
 * browser stay. All pages of the person follow. Rejects when the service did not end the session.
 */
export async function signOut(confirmLoss: (unsent: number) => boolean): Promise<void> {
  const person = personOfPage();
  if (person === null) throw new Error('Nobody is signed in on this page');
  // Where nothing can be kept, nothing waits.
  const unsent = await countKeptEdits(person).catch(() => 0);
  if (unsent > 0 && !confirmLoss(unsent)) return;
  const { error } = await auth.signOut();
  // Someone whose session is over already is where they want to be.
  if (error && error.status !== 401) throw new Error('The session was not ended', { cause: error });
  clearTab();
  await forgetLocalCopies(person).catch((cause: unknown) =>
    console.warn('The local copies could not be removed', cause),
  );
  // Not before: what another page is asked to keep now is not to be removed.
  tellSignedOut();
  await leavePage(SIGN_IN);
}
