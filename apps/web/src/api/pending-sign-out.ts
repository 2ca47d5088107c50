import { isWebAddress, PERSON_HEADER } from '@meldesync/protocol';
import { forgetUnsentSignOut, readUnsentSignOut, writeUnsentSignOut } from '../device/unsent-database.ts';
import { withStorage } from '../preferences/with-storage.ts';

const KEY = 'meldesync.sign-out';
/** A service that does not answer within it is away. */
const LIMIT_MS = 3_000;

/** Where storage is forbidden it holds for the page. */
let unstored: string | null = null;

/**
 * Somebody has signed out here, and the service may not know: from now on nothing of them opens in this browser, also after it was
 * started anew, until the service has ended their session (`finishSignOut`). Their cookie cannot be removed from here. It holds at once;
 * resolves when it is on the disk, which a browser is in no hurry to write local storage to. Never rejects.
 */
export function beginSignOut(person: string): Promise<void> {
  remember(person);
  return writeUnsentSignOut(person).catch((error: unknown) => console.warn('The sign-out is not on the disk', error));
}

/** Whether the disk could be asked who has signed out. */
let isRead = false;

/** Reads what an earlier page has begun. Never rejects. */
export async function loadPendingSignOut(): Promise<void> {
  try {
    const person = await readUnsentSignOut();
    if (person !== undefined && pendingPerson() === null) remember(person);
    isRead = true;
  } catch (error) {
    console.warn('It is not known who has signed out here: nothing opens without the service', error);
  }
}

/**
 * Whether what is kept may be opened without the service: nobody has signed out of whom it may not know, for certain. Where that cannot
 * be read, the service is asked, which signs in nobody whose session has ended.
 */
export function mayOpenUnasked(): boolean {
  return isRead && !isSignOutPending();
}

/** Whether somebody has signed out whose session may not have ended. */
export function isSignOutPending(): boolean {
  return pendingPerson() !== null;
}

/** What the service says of a sign-out: `another` has a session here by now, and there is nothing to end. */
export type SignOutOutcome = 'ended' | 'another' | 'unheard';

/** Where the provider of single sign-on ends its own session of whoever was signed out last. */
let providerUrl: string | null = null;

/** Where the browser goes once nothing of the person is left here, so that the provider ends its own session too; null without one. */
export function signOutAtProvider(): string | null {
  return providerUrl;
}

let finishing: Promise<SignOutOutcome> | null = null;

/**
 * Tells the service of a sign-out that it may not know of; `ended` too where there is none. Never ends another person's session. Never
 * rejects.
 */
export function finishSignOut(): Promise<SignOutOutcome> {
  const person = pendingPerson();
  if (person === null) return Promise.resolve('ended');
  finishing ??= endSession(person)
    .then(async (outcome) => {
      if (outcome !== 'unheard') await forgetPending(person);
      return outcome;
    })
    .finally(() => {
      finishing = null;
    });
  return finishing;
}

async function endSession(person: string): Promise<SignOutOutcome> {
  try {
    const response = await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json', [PERSON_HEADER]: person },
      body: '{}',
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const answer: unknown = await response.json();
    if (response.status === 409) return 'another';
    if (response.status === 401) return 'ended';
    if (!response.ok || typeof answer !== 'object' || answer === null || !('success' in answer)) return 'unheard';
    providerUrl = 'url' in answer && typeof answer.url === 'string' && isWebAddress(answer.url) ? answer.url : null;
    return 'ended';
  } catch {
    // There is no service, or something answers in its place.
    return 'unheard';
  }
}

function pendingPerson(): string | null {
  let person = unstored;
  inBrowser((storage) => {
    person = storage.getItem(KEY);
  });
  return person;
}

function remember(person: string): void {
  unstored = person;
  inBrowser((storage) => storage.setItem(KEY, person));
}

/** The disk first: a page that starts in between takes what is there for the truth. Another who has signed out meanwhile stays. */
async function forgetPending(person: string): Promise<void> {
  await forgetUnsentSignOut(person).catch((error: unknown) => console.warn('The sign-out is told once more', error));
  if (pendingPerson() !== person) return;
  unstored = null;
  inBrowser((storage) => storage.removeItem(KEY));
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(
    () => globalThis.localStorage,
    'a sign-out that the service does not know of is forgotten with the page',
    use,
  );
}
