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

/** The other pages that are there, as far as can be known. */
export async function otherPages(): Promise<ReadonlySet<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  const pages = held.flatMap(({ name = '' }) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : []));
  return new Set(pages.filter((page) => page !== PAGE));
}
