/** Pages that a one-time link opens; its secret stands behind `#`, where no server and no log sees it. */
export const LINK_PAGES = { setUp: '/set-up', invitation: '/invitation', newPassword: '/new-password' } as const;

const listeners = new Set<() => void>();
let secret: string | null = takeFromAddress();

// Another link to the page that is open already does not load it anew.
globalThis.addEventListener?.('hashchange', () => {
  const next = takeFromAddress();
  if (next === null) return;
  secret = next;
  for (const listener of listeners) listener();
});

/** The secret of the link that opened this page; null for none, also after the page was loaded anew. */
export function linkSecret(): string | null {
  return secret;
}

/** Calls back when another link was opened in this tab. */
export function onLinkSecret(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The secret has done what it can. */
export function forgetLinkSecret(): void {
  secret = null;
}

/** Takes the secret out of the address, where somebody could read it over a shoulder, copy it or keep it as a bookmark. */
function takeFromAddress(): string | null {
  // Tests of what is near it have no address.
  if (typeof location === 'undefined') return null;
  const { pathname, search, hash } = location;
  const isLinkPage = Object.values(LINK_PAGES).some((page) => page === pathname.replace(/\/$/, ''));
  if (!isLinkPage || hash.length < 2) return null;
  history.replaceState(history.state, '', pathname + search);
  return hash.slice(1);
}
