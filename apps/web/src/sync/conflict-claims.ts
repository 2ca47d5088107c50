const PREFIX = 'meldesync-conflict-';

/** Which conflicts this page asks about, so that no other page of the browser asks about them too. */
export interface ConflictClaims {
  /**
   * Resolves with true once the conflict is this page's: at once, or when the page that had it is gone; with false when
   * the claims ended before that.
   */
  claim(conflict: string): Promise<boolean>;
  dispose(): void;
}

/**
 * Makes the claims of a connection; they end with it. A person who has the list open twice is asked in the page where
 * the conflict arose, and in the other one only after that one was closed without a decision. Browsers have Web Locks on
 * secure pages only; without them each page asks, and the service takes the first decision.
 */
export function createConflictClaims(): ConflictClaims {
  const ending = new AbortController();
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
  const claims = new Map<string, Promise<boolean>>();

  const hold = (conflict: string): Promise<boolean> =>
    new Promise((resolve) => {
      const stay = (): Promise<void> => {
        resolve(true);
        return ended;
      };
      // It rejects when the claims end before its turn comes.
      navigator.locks.request(PREFIX + conflict, { signal: ending.signal }, stay).catch(() => resolve(false));
    });

  return {
    claim(conflict) {
      const claim = claims.get(conflict) ?? ('locks' in navigator ? hold(conflict) : Promise.resolve(true));
      claims.set(conflict, claim);
      return claim;
    },
    dispose: () => ending.abort(),
  };
}
