import { SyncError } from '@meldesync/client';
import { SHARED_HEADER } from '@meldesync/protocol';
import { rememberShared } from '../device/shared-choice.ts';
import { renewKeys } from './device-keys.ts';
import { isPageOf } from './page-person.ts';
import { finishSignOut } from './pending-sign-out.ts';
import { tellSignedIn } from './session-news.ts';

/**
 * What comes before every way of signing in: whoever signed out here before is signed out by now, so that the new session takes the
 * place of none. Resolves with the headers of the request; rejects with `SyncError` where the service cannot be reached.
 */
export async function readySignIn(isShared: boolean): Promise<Record<string, string>> {
  if ((await finishSignOut()) === 'unheard') throw new SyncError('unavailable');
  return isShared ? { [SHARED_HEADER]: '1' } : {};
}

/** What follows on every way of signing in: other pages hear of it, and the keys of what may be kept are asked for. */
export function signedInHere(user: string, isShared: boolean): void {
  rememberShared(isShared);
  tellSignedIn(user);
  if (isPageOf(user)) renewKeys(user);
}
