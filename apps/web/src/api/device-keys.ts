import { SyncError } from '@meldesync/client';
import { canKeep, type Keyring, keyring, onKeyring, takeKeys } from '../device/keyring.ts';
import { ownersOfOldEdits, sealOldEdits } from '../device/old-edits.ts';
import { isSharedHere } from '../device/shared-choice.ts';
import { api, isSignedOut } from './api.ts';
import { isPageLeft } from './leave-page.ts';
import { isPageOf } from './page-person.ts';
import { isSignOutPending } from './pending-sign-out.ts';

/** The service is asked again so long after it could not be. */
const RETRY_MS = 15_000;
/** And so long after it was heard, so that what is kept may be opened for longer. */
const CONTACT_EVERY_MS = 10 * 60_000;

let asking: Promise<void> | null = null;
let next: ReturnType<typeof setTimeout> | undefined;
let tellGiven: () => void = () => undefined;
const given = new Promise<void>((resolve) => {
  tellGiven = resolve;
});

/** The key ring of the page's person; resolves once there is one. */
export function keyringOf(user: string): Promise<Keyring> {
  return new Promise((resolve) => {
    const look = (): void => {
      const known = keyring();
      if (known?.user !== user) return;
      unsubscribe();
      resolve(known);
    };
    const unsubscribe = onKeyring(look);
    look();
  });
}

/**
 * Asks the service for the keys of the page's person, now and from time to time: it says whether there is still to be a copy here. What
 * fails is tried again for as long as there is the page and the session.
 */
export function askForKeys(user: string): void {
  if (next === undefined) renewKeys(user);
}

/** Asks now: there is a new session. */
export function renewKeys(user: string): void {
  if (!canKeep() || isPageLeft()) return;
  clearTimeout(next);
  next = undefined;
  asking ??= ask(user)
    .catch((error: unknown) => {
      if (!(error instanceof SyncError)) console.warn('The keys of what is kept here could not be had', error);
      // Whoever signs in asks anew.
      return isSignedOut(error) ? CONTACT_EVERY_MS : RETRY_MS;
    })
    .then((waitMs) => {
      asking = null;
      next = setTimeout(() => renewKeys(user), waitMs);
    });
}

/** Resolves once the service has given keys to this page: what releases before kept is sealed from then on. */
export function keysWereGiven(): Promise<void> {
  return given;
}

async function ask(user: string): Promise<number> {
  const owners = await ownersOfOldEdits();
  const keys = await api().openDevice({ isShared: isSharedHere(), owners });
  await takeKeys(user, keys, () => isPageOf(user) && !isPageLeft() && !isSignOutPending());
  await sealOldEdits(keys.owners);
  tellGiven();
  return CONTACT_EVERY_MS;
}
