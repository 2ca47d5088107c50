import type { KeptCopy, SyncPersistence } from '@meldesync/client';
import { keyringOf } from '../../api/device-keys.ts';
import { type CopyEntry, FORM, keptDatabase } from '../../device/kept-database.ts';
import { type Keyring, keyring } from '../../device/keyring.ts';
import { rangeOf } from '../../device/local-database.ts';
import { type Locked, lockValue, unlockValue } from '../../device/lock-value.ts';

/** Parts that are read at a time; the page stays responsive in between. */
const PARTS_AT_A_TIME = 8;

interface KeptCopyInput {
  /** User id. */
  readonly user: string;
  /** Names the copy: one a person and workspace. */
  readonly key: string;
  /** The client that may change it, which is the one that loaded it last. */
  readonly owner: string;
}

/** Copies were removed to make room, and none was written since. */
let hasGivenWay = false;

/** Makes room for what matters more: a copy can be had again from the service, what somebody has typed from nobody. */
export async function giveWay(): Promise<void> {
  hasGivenWay = true;
  const transaction = (await keptDatabase.open()).transaction(['copies', 'parts'], 'readwrite');
  await Promise.all([
    transaction.objectStore('copies').clear(),
    transaction.objectStore('parts').clear(),
    transaction.done,
  ]);
}

type CopyKeeping = Pick<SyncPersistence, 'loadCopy' | 'replaceCopy' | 'extendCopy'>;

/** Where a copy may be kept, with the key to it. */
type KeepingRing = Keyring & { readonly copyKey: CryptoKey };

/**
 * The copy of a workspace in this browser, in parts under the key of the session, with the position up to which it is current.
 * There is none where others work in this browser too.
 */
export function createKeptCopy({ user, key, owner }: KeptCopyInput): CopyKeeping {
  const ringOfUser = (): KeepingRing | null => {
    const ring = keyring();
    return ring?.user === user && ring.copyKey ? { ...ring, copyKey: ring.copyKey } : null;
  };
  /** A copy that nobody has loaded since its session began is whose who writes it. */
  const isOwn = (copy: Pick<CopyEntry, 'owner'>): boolean => copy.owner === owner;
  const lockParts = async ({ copyKey }: KeepingRing, parts: Iterable<unknown>, first: number): Promise<Locked[]> => {
    const locked: Locked[] = [];
    for (const part of parts) {
      locked.push(await lockValue(copyKey, part, aboutPart(key, first + locked.length)));
      await givePageATurn();
    }
    return locked;
  };
  return {
    async loadCopy() {
      const ring = ringOfUser();
      const transaction = (await keptDatabase.open()).transaction(['copies', 'parts'], 'readwrite', RELAXED);
      const copies = transaction.objectStore('copies');
      const copy = await copies.get(key);
      const isSound = ring !== null && copy?.form === FORM && copy.session === ring.session && copy.position !== null;
      if (!isSound) await transaction.objectStore('parts').delete(rangeOf(key));
      await copies.put(
        isSound ? { ...copy, owner } : { form: FORM, owner, session: null, position: null, parts: 0 },
        key,
      );
      await transaction.done;
      if (!isSound) return null;
      return { position: copy.position, parts: readParts(ring.copyKey, key, copy.parts) } satisfies KeptCopy;
    },

    async replaceCopy(position, all) {
      // Whoever has just signed in may have no keys yet.
      await keyringOf(user);
      const ring = ringOfUser();
      if (!ring) return false;
      const parts = await lockParts(ring, all, 0);
      const isWritten = await changeCopy({ key, owner, ring }, parts, (copy) =>
        isOwn(copy ?? { owner }) ? { position, first: 0 } : null,
      );
      if (isWritten) hasGivenWay = false;
      return isWritten;
    },

    async extendCopy(position, added) {
      const ring = ringOfUser();
      if (!ring) return false;
      // Nobody else changes the copy that is this client's.
      const known = await (await keptDatabase.open()).get('copies', key);
      if (!known && hasGivenWay) throw new DOMException('The local copy gave way to edits.', 'QuotaExceededError');
      const first = known?.parts ?? 0;
      const parts = await lockParts(ring, added, first);
      return changeCopy({ key, owner, ring }, parts, (copy) => {
        if (!copy || !isOwn(copy) || copy.session !== ring.session) return null;
        // A copy without a position has no beginning.
        if (copy.position === null) throw new Error('There is no copy to extend.');
        return { position, first };
      });
    },
  };
}

const RELAXED: IDBTransactionOptions = { durability: 'relaxed' };

/** A part opens as itself alone. */
function aboutPart(key: string, part: number): string {
  return `copy ${key} ${part}`;
}

interface CopyWriter {
  readonly key: string;
  readonly owner: string;
  readonly ring: KeepingRing;
}

/**
 * Writes parts from `first` on, and takes away what stood from there on. False when the copy is another client's by now, or of another
 * session: the copy of one begins anew when the page is opened the next time.
 */
async function changeCopy(
  { key, owner, ring }: CopyWriter,
  parts: readonly Locked[],
  decide: (copy: CopyEntry | undefined) => { position: unknown; first: number } | null,
): Promise<boolean> {
  const transaction = (await keptDatabase.open()).transaction(['keyring', 'copies', 'parts'], 'readwrite', RELAXED);
  try {
    const copies = transaction.objectStore('copies');
    const copy = await copies.get(key);
    const kept = await transaction.objectStore('keyring').get('keyring');
    const decided = kept?.session === ring.session ? decide(copy) : null;
    if (decided) {
      const { position, first } = decided;
      const store = transaction.objectStore('parts');
      if (first === 0) await store.delete(rangeOf(key));
      for (const [i, part] of parts.entries()) await store.put(part, [key, first + i]);
      const { session } = ring;
      await copies.put({ form: FORM, owner, session, position, parts: first + parts.length }, key);
    }
    await transaction.done;
    return decided !== null;
  } catch (error) {
    // All or nothing; `done` then rejects too, with less to say.
    abort(transaction);
    await Promise.allSettled([transaction.done]);
    throw error;
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch (error) {
    // It is over already.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** The parts of a copy in their order; throws when one is missing. */
async function* readParts(copyKey: CryptoKey, key: string, count: number): AsyncGenerator<unknown, undefined> {
  for (let first = 0; first < count; first += PARTS_AT_A_TIME) {
    const last = Math.min(count, first + PARTS_AT_A_TIME) - 1;
    const database = await keptDatabase.open();
    const parts = await database.getAll('parts', IDBKeyRange.bound([key, first], [key, last]));
    if (parts.length !== last - first + 1) throw new Error('A part of the local copy is missing.');
    for (const [i, part] of parts.entries()) yield await unlockValue(copyKey, part, aboutPart(key, first + i));
    await givePageATurn();
  }
}

/** Cryptography is done beside the page, but browsers let what comes of it go before timers and input. */
function givePageATurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
