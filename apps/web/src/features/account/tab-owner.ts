import { personOfPage, takePage } from '../../api/page-person.ts';
import { tellSignedIn, toldPerson } from '../../api/session-news.ts';
import { tabTexts } from '../../device/tab-texts.ts';
import { withStorage } from '../../preferences/with-storage.ts';

const KEY = 'meldesync.person';

/**
 * Makes this tab that of the person who is signed in. What session storage keeps of another is removed, however the
 * change came about: by the sign-in page, by the dialog, or by a sign-in in another tab. False when the page's memory
 * is another's, so that it has to be loaded anew.
 */
export function takeTab(user: string): boolean {
  inTab((storage) => {
    if (storage.getItem(KEY) !== user) clear(storage);
    storage.setItem(KEY, user);
  });
  // However they came to be signed in, it need not have been by the form.
  const isNews = personOfPage() === null && toldPerson() !== user;
  const isTaken = takePage(user);
  if (isNews) tellSignedIn(user);
  return isTaken;
}

/** Removes what this tab keeps of the person. */
export function clearTab(): void {
  inTab(clear);
}

function clear(storage: Storage): void {
  tabTexts.clear();
  storage.clear();
}

function inTab(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.sessionStorage, 'nothing of anybody is kept in the tab', use);
}
