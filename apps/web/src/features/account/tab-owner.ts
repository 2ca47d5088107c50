const KEY = 'meldesync.person';

/** Whose data this page has in memory. */
let ownerOfPage: string | null = null;

/**
 * Makes this tab that of the person who is signed in. What session storage keeps of another is removed, however the
 * change came about: by the sign-in page, by the dialog, or by a sign-in in another tab. False when the page's memory
 * is another's, so that it has to be loaded anew.
 */
export function takeTab(user: string): boolean {
  if (sessionStorage.getItem(KEY) !== user) sessionStorage.clear();
  sessionStorage.setItem(KEY, user);
  ownerOfPage ??= user;
  return ownerOfPage === user;
}
