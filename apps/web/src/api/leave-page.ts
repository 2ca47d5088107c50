/** Where a page goes whose person is no longer the one who is signed in in this browser. */
export const ANOTHER_PERSON = '/another-person';

/** Where it goes when they have signed out. */
export const SIGN_IN = '/sign-in';
/** Where who needs a second factor sets one up. */
export const SECOND_FACTOR = '/second-factor';

/** How long what has to be kept may take; the page shows nothing meanwhile. */
const KEEP_LIMIT_MS = 5_000;

/** Keeps what would be lost with the page; called before it is taken down. */
type Keep = () => Promise<void>;

const keepers = new Set<Keep>();
const listeners = new Set<() => void>();
let left = false;

/** Whether the page is on its way to another: it shows nothing any more. */
export function isPageLeft(): boolean {
  return left;
}

/** Calls back when the page is left. */
export function onPageLeft(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is called with the page as it is, until it is ended; the page is loaded anew when all of them are done. */
export function beforePageIsLeft(keep: Keep): () => void {
  keepers.add(keep);
  return () => keepers.delete(keep);
}

/**
 * Leaves for a page that remembers nothing, since this one must not be shown to whoever sits there now. It shows nothing from
 * here on, what waits to be sent is kept for its person, and then the address is opened, which may depend on how that went. Nobody is
 * asked. Never resolves: what follows would be of the wrong person.
 */
export function leavePage(address: string | (() => string)): Promise<never> {
  if (!left) {
    const kept = [...keepers].map(async (keep) => {
      try {
        await keep();
      } catch (error) {
        console.warn('What waits on this page could not be kept', error);
      }
    });
    left = true;
    for (const listener of listeners) listener();
    const limit = new Promise((resolve) => setTimeout(resolve, KEEP_LIMIT_MS));
    void Promise.race([Promise.all(kept), limit]).then(() =>
      location.replace(typeof address === 'string' ? address : address()),
    );
  }
  return new Promise(() => undefined);
}
