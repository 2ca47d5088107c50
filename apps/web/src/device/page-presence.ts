const PREFIX = 'meldesync-page-';

/** Names this page among those of the browser; another after each reload. */
export const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join('-');

let present: Promise<void> | null = null;

/**
 * Shows other pages that this one is there, from when it resolves until the page is gone. Browsers have Web Locks on
 * secure pages only; without them nobody is seen.
 */
export function showPresence(): Promise<void> {
  if (!('locks' in navigator)) return Promise.resolve();
  present ??= new Promise((resolve) => {
    const stay = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    // It ends with the page and never before.
    navigator.locks.request(PREFIX + PAGE, stay).catch(() => resolve());
  });
  return present;
}

/**
 * Does something once a page is gone, with nobody else doing so for the same page: at once where it is. Resolves when it is done, or
 * the signal has aborted before its turn came.
 */
export async function whenPageIsGone(page: string, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(PREFIX + page, { signal }, act);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Does something with the traces of a page if it is gone, with nobody else doing so; nothing while it is there. */
export async function ifPageIsGone(page: string, act: () => Promise<void>): Promise<void> {
  await navigator.locks.request(PREFIX + page, { ifAvailable: true }, async (lock) => {
    if (lock) await act();
  });
}

/** The other pages that are there, as far as can be known. */
export async function otherPages(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  const pages = held.flatMap(({ name = '' }) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : []));
  return new Set(pages.filter((page) => page !== PAGE));
}
