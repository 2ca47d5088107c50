import { forgetAnswers } from '../../api/kept-answers.ts';
import { ANOTHER_PERSON, beforePageIsLeft, leavePage, SIGN_IN } from '../../api/leave-page.ts';
import { personOfPage } from '../../api/page-person.ts';
import { beginSignOut, finishSignOut, type SignOutOutcome, signOutAtProvider } from '../../api/pending-sign-out.ts';
import { tellSignedOut } from '../../api/session-news.ts';
import { isSharedHere } from '../../device/shared-choice.ts';
import { countUnsent, removeUnsent } from '../../device/unsent-database.ts';
import { clearTab } from './tab-owner.ts';

/** What happens to edits that wait when their person signs out: they wait on for them here, or are lost. */
type UnsentFate = 'kept' | 'lost';

/** What is asked of a person who signs out while edits wait. */
type ConfirmSignOut = (unsent: number, fate: UnsentFate) => boolean;

/**
 * Signs out at once, also where the service cannot be reached: it is told as soon as it can be (`pending-sign-out.ts`), and until then
 * nothing opens here. All pages of the person show nothing from here on. What is kept of them is erased but for edits that wait, which
 * are sealed to them; `confirm` is asked about those first. Where others work in this browser too, they go as well. Never
 * resolves once it was confirmed: the page is left.
 */
export async function signOut(confirm: ConfirmSignOut): Promise<void> {
  const person = personOfPage();
  if (person === null) throw new Error('Nobody is signed in on this page');
  const fate: UnsentFate = isSharedHere() ? 'lost' : 'kept';
  // Where nothing can be kept, nothing waits.
  const unsent = await countUnsent(person).catch(() => 0);
  if (unsent > 0 && !confirm(unsent, fate)) return;
  await endSession(person, fate, SIGN_IN);
}

/** Nobody was there for too long: the same without a question. What waits stays for its person. */
export async function signOutForIdleness(): Promise<void> {
  const person = personOfPage();
  if (person !== null) await endSession(person, 'kept', `${SIGN_IN}?idle=true`);
}

/**
 * Signs somebody out on a page that is nobody's yet, such as one that a link opened, and stays there. Else the same: their pages show
 * nothing from here on, what waits stays for them, and the service is told as soon as it can be. Never rejects.
 */
export async function signOutHere(person: string): Promise<SignOutOutcome> {
  const isBegun = beginHere(person);
  await forgetAnswers(person);
  await isBegun;
  return finishSignOut();
}

/** What comes first, so that it holds whatever ends this page before the rest is done. */
function beginHere(person: string): Promise<void> {
  const isBegun = beginSignOut(person);
  tellSignedOut(person);
  clearTab();
  return isBegun;
}

async function endSession(person: string, fate: UnsentFate, address: string): Promise<never> {
  const isBegun = beginHere(person);
  let outcome: SignOutOutcome = 'unheard';
  beforePageIsLeft(async () => {
    await forgetAnswers(person);
    if (fate === 'lost') await removeUnsent(person);
  });
  beforePageIsLeft(async () => {
    await isBegun;
    outcome = await finishSignOut();
  });
  return leavePage(() => (outcome === 'another' ? ANOTHER_PERSON : (signOutAtProvider() ?? address)));
}
