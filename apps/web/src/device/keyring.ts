import type { DeviceKeys } from '@meldesync/protocol';
import { fromBase64 } from './base64.ts';
import { type KeyringEntry, keptDatabase } from './kept-database.ts';
import { lockValue, unlockValue } from './lock-value.ts';
import { createOpenSealed, createSeal, deriveKey, type OpenSealed, type Seal } from './seal-value.ts';
import { makeSecret, readSecret, removeSecret } from './secret-file.ts';

/** What this page keeps its person's data with. */
export interface Keyring {
  /** User id. */
  readonly user: string;
  /** The session whose it is, as the service names it to its browser. */
  readonly session: string;
  /** How long nobody needs to be there until the page hides what it shows, in milliseconds. */
  readonly idleMs: number;
  /** Locks what is kept until the person signs out; null where nothing is. */
  readonly copyKey: CryptoKey | null;
  /** For edits that wait: they outlive the session. */
  readonly seal: Seal;
  readonly openSealed: OpenSealed;
}

type Pairs = DeviceKeys['sealing'];

const ABOUT_PAIRS = 'keyring';
/** One page at a time changes what the browser has of it. */
const TURN = 'meldesync-keyring';

let current: Keyring | null = null;
const listeners = new Set<() => void>();

/** Whether this browser can keep anything: on pages that are not secure it has no cryptography. */
export function canKeep(): boolean {
  return globalThis.crypto?.subtle !== undefined && 'caches' in globalThis && 'locks' in navigator;
}

/** That of this page, null while it has none. */
export function keyring(): Keyring | null {
  return current;
}

/** Calls back when this page has got or lost its key ring. */
export function onKeyring(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setKeyring(next: Keyring | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Makes the key ring that this browser keeps that of this page, without asking anybody. One whose time is over is erased. */
export async function loadKeyring(): Promise<Keyring | null> {
  if (!canKeep()) return null;
  await inTurn(async () => {
    const found = await readKeyring();
    if (found) setKeyring(found);
    else if (await holdsAnything()) await eraseInTurn();
  });
  return current;
}

/** Makes what the service gave the key ring of this page, and keeps it in the browser where that may be. */
export async function takeKeys(user: string, keys: DeviceKeys, isWanted: () => boolean): Promise<void> {
  const isKept = keys.copyKey !== null && keys.keepMs > 0;
  await inTurn(async () => {
    if (!isWanted()) return;
    const known = isKept ? await readKeyring().catch(beginAnew) : null;
    if (known?.user === user && known.session === keys.session) {
      await prolong(keys);
      if (current?.session !== known.session) setKeyring(known);
      return;
    }
    await eraseInTurn().catch(beginAnew);
    const next = await makeKeyring(user, keys);
    if (isWanted()) setKeyring(next);
    else await eraseInTurn();
  });
}

/**
 * Removes all that is kept of whoever is signed in, but for edits that wait. The secret goes first: from then on nothing of the rest
 * can be read, whatever the browser leaves of it on its disk. This page's own key ring stays, so that it can still seal what is being
 * typed. Where a person is named, what is kept of another stays; what cannot be read is nobody's.
 */
export async function eraseKept(person?: string): Promise<void> {
  if (!canKeep()) return;
  await inTurn(async () => {
    const kept = person === undefined ? undefined : await keptEntry().catch(beginAnew);
    if ((kept?.user ?? person) === person) await eraseInTurn();
  });
}

async function eraseInTurn(): Promise<void> {
  await removeSecret();
  await keptDatabase.clear();
}

async function holdsAnything(): Promise<boolean> {
  const database = await keptDatabase.open();
  const [rings, parts] = await Promise.all([database.count('keyring'), database.count('parts')]);
  return rings + parts > 0;
}

async function keptEntry(): Promise<KeyringEntry | undefined> {
  return (await keptDatabase.open()).get('keyring', 'keyring');
}

async function readKeyring(): Promise<Keyring | null> {
  const entry = await keptEntry();
  const secret = entry && entry.until > Date.now() ? await readSecret() : null;
  if (!entry || !secret) return null;
  const copyKey = await deriveKey(entry.base, secret, 'meldesync copy');
  const pairs = (await unlockValue(copyKey, entry.sealing, ABOUT_PAIRS)) as Pairs;
  return { ...entry, copyKey, ...(await sealingOf(pairs)) };
}

async function makeKeyring(user: string, keys: DeviceKeys): Promise<Keyring> {
  const { session, idleMs, sealing } = keys;
  const bare = { user, session, idleMs, ...(await sealingOf(sealing)) };
  if (keys.copyKey === null) return { ...bare, copyKey: null };
  try {
    const base = await crypto.subtle.importKey('raw', fromBase64(keys.copyKey), 'HKDF', false, ['deriveKey']);
    const copyKey = await deriveKey(base, await makeSecret(), 'meldesync copy');
    const entry: KeyringEntry = {
      user,
      session,
      idleMs,
      base,
      until: Date.now() + keys.keepMs,
      sealing: await lockValue(copyKey, sealing, ABOUT_PAIRS),
    };
    await (await keptDatabase.open()).put('keyring', entry, 'keyring');
    return { ...bare, copyKey };
  } catch (error) {
    nothingKept(error);
    return { ...bare, copyKey: null };
  }
}

async function sealingOf(pairs: Pairs): Promise<Pick<Keyring, 'seal' | 'openSealed'>> {
  const [first] = pairs;
  if (!first) throw new Error('there is no key to seal with');
  return { seal: createSeal(first.publicKey), openSealed: await createOpenSealed(pairs) };
}

/** The service was heard: what is kept may be opened for as long again. */
async function prolong({ keepMs, session }: DeviceKeys): Promise<void> {
  const store = (await keptDatabase.open()).transaction('keyring', 'readwrite').store;
  const entry = await store.get('keyring');
  if (entry?.session === session) await store.put({ ...entry, until: Date.now() + keepMs }, 'keyring');
}

/** What is damaged is worth nothing: the service has the truth, and the secret that is made next opens none of it. */
function beginAnew(error: unknown): null {
  console.warn('What was kept here cannot be read or removed, and begins anew', error);
  return null;
}

function nothingKept(error: unknown): void {
  console.warn('This browser keeps nothing; the page will not open without the service', error);
}

async function inTurn(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(TURN, work);
}
