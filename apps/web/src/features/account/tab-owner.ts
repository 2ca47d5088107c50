const KEY = 'meldesync.person';

/** Whose data this page has in memory. */
let ownerOfPage: string | null = null;

/**
 * Makes this tab that of the person who is signed in. What session storage keeps of another is removed, however the
 * change came about: by the sign-in page, by the dialog, or by a sign-in in another tab. False when the page's memory
 * is another's, so that it has to be loaded anew.
 */
export function takeTab(user: string): boolean {
  withStorage((storage) => {
    if (storage.getItem(KEY) !== user) storage.clear();
    storage.setItem(KEY, user);
  });
  ownerOfPage ??= user;
  return ownerOfPage === user;
}

/** Removes what this tab keeps of the person. */
export function clearTab(): void {
  withStorage((storage) => storage.clear());
}

function withStorage(use: (storage: Storage) => void): void {
  try {
    use(globalThis.sessionStorage);
  } catch (error) {
    console.warn('This browser forbids storage, so nothing of anybody is kept in the tab:', error);
  }
}
