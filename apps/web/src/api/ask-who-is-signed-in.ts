import { SyncError } from '@meldesync/client';
import type { Me } from '@meldesync/protocol';
import { api, isSignedOut } from './api.ts';
import { forgetAnswers } from './kept-answers.ts';
import { ANOTHER_PERSON, leavePage, SECOND_FACTOR } from './leave-page.ts';
import { isPageOf } from './page-person.ts';

/**
 * Asks the service who is signed in. Never settles when that is another than the page's person: the page is left. Rejects with
 * `SyncError`.
 */
export async function askWhoIsSignedIn(signal?: AbortSignal): Promise<Me> {
  const me = await api().me({ signal });
  // Nodes up to 0.3.0 answer whoever asks.
  return isPageOf(me.user.id) ? me : leavePage(ANOTHER_PERSON);
}

let look: Promise<boolean> | null = null;

/**
 * Asks so that the page is left if it is another's by now, and whether its person is signed in; once for all who ask meanwhile, since a
 * page that comes into view hears of it in several ways. That nobody is signed in, or the service is away, is said where it matters.
 */
export function lookWhoIsSignedIn(): Promise<boolean> {
  look ??= askWhoIsSignedIn()
    .then(
      // A second factor is required by now, or the last one was given up.
      (me) => (me.needsSecondFactor === true && location.pathname !== SECOND_FACTOR ? leavePage('/') : true),
      async (error: unknown) => {
        if (!(error instanceof SyncError)) throw error;
        // What is kept ends with the session; the page stays, for its person may sign in again.
        if (isSignedOut(error)) await forgetAnswers();
        return false;
      },
    )
    .finally(() => {
      look = null;
    });
  return look;
}
