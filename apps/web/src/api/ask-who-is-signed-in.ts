import type { Me } from '@meldesync/protocol';
import { api } from './api.ts';
import { ANOTHER_PERSON, leavePage } from './leave-page.ts';
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
