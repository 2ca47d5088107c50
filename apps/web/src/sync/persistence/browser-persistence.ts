import type { KeptCopy, SyncPersistence } from '@meldesync/client';
import { type CopyEntry, FORM, openLocalDatabase, rangeOf } from './database.ts';
import { otherPages, PAGE, showPresence } from './page-presence.ts';

/** Parts that are read at a time; the page stays responsive in between. */
const PARTS_AT_A_TIME = 8;

interface PersistenceInput {
  /** User id. */
  readonly user: string;
  readonly workspace: string;
}

/**
 * Keeps a person's copy of a workspace in this browser (IndexedDB). Copies of other people are removed when one is
 * loaded; their edits that wait stay until they sign in again, and are never shown to anybody else.
 */
export function createBrowserPersistence({ user, workspace }: PersistenceInput): SyncPersistence {
  const key = `${user}/${workspace}`;
  const owner = `${PAGE}-${clients++}`;

  /** Changes the copy if it still belongs to this client. */
  const change = async (
    write: (parts: PartsWriter, copy: CopyEntry) => Promise<Pick<CopyEntry, 'position' | 'parts'>>,
  ): Promise<boolean> => {
    const database = await openLocalDatabase();
    const transaction = database.transaction(['copies', 'parts'], 'readwrite', { durability: 'relaxed' });
    const copies = transaction.objectStore('copies');
    const copy = await copies.get(key);
    if (copy?.owner !== owner) {
      await transaction.done;
      return false;
    }
    const parts = transaction.objectStore('parts');
    const writer: PartsWriter = {
      clear: () => parts.delete(rangeOf(key)),
      put: async (part, number) => void (await parts.put(JSON.stringify(part), [key, number])),
    };
    try {
      await copies.put({ form: FORM, owner, ...(await write(writer, copy)) }, key);
    } catch (error) {
      // All or nothing; `done` then rejects too, with less to say.
      transaction.abort();
      await Promise.allSettled([transaction.done]);
      throw error;
    }
    await transaction.done;
    return true;
  };

  return {
    user,

    async loadCopy() {
      const database = await openLocalDatabase();
      const transaction = database.transaction(['copies', 'parts'], 'readwrite', { durability: 'relaxed' });
      const copies = transaction.objectStore('copies');
      const parts = transaction.objectStore('parts');
      for (const other of await copies.getAllKeys()) {
        if (other.startsWith(`${user}/`)) continue;
        await copies.delete(other);
        await parts.delete(rangeOf(other));
      }
      const copy = await copies.get(key);
      const isSound = copy?.form === FORM && copy.position !== null;
      if (!isSound) await parts.delete(rangeOf(key));
      await copies.put(isSound ? { ...copy, owner } : { form: FORM, owner, position: null, parts: 0 }, key);
      await transaction.done;
      if (!isSound) return null;
      return { position: copy.position, parts: readParts(key, copy.parts) } satisfies KeptCopy;
    },

    replaceCopy: (position, all) =>
      change(async (writer) => {
        await writer.clear();
        let parts = 0;
        for (const part of all) {
          // One after the other: the page gets a turn between them.
          await writer.put(part, parts);
          parts += 1;
        }
        return { position, parts };
      }),

    extendCopy: (position, added) =>
      change(async (writer, copy) => {
        // A copy without a position has no beginning.
        if (copy.position === null) throw new Error('There is no copy to extend.');
        let { parts } = copy;
        for (const part of added) {
          await writer.put(part, parts);
          parts += 1;
        }
        return { position, parts };
      }),

    async loadEdits() {
      await showPresence();
      const others = await otherPages();
      const database = await openLocalDatabase();
      const edits = database.transaction('edits', 'readwrite').store;
      const taken: unknown[] = [];
      for (let cursor = await edits.openCursor(rangeOf(key)); cursor; cursor = await cursor.continue()) {
        const { page, edit } = cursor.value;
        if (others.has(page)) continue;
        await cursor.update({ page: PAGE, edit });
        taken.push(edit);
      }
      return taken;
    },

    async saveEdits({ put, removed }) {
      const database = await openLocalDatabase();
      const transaction = database.transaction('edits', 'readwrite');
      await Promise.all([
        ...put.map((edit) => transaction.store.put({ page: PAGE, edit }, [key, edit.operation])),
        ...removed.map((operation) => transaction.store.delete([key, operation])),
        transaction.done,
      ]);
    },

    async forget() {
      const database = await openLocalDatabase();
      const transaction = database.transaction(['copies', 'parts', 'edits'], 'readwrite');
      await Promise.all([
        transaction.objectStore('copies').delete(key),
        transaction.objectStore('parts').delete(rangeOf(key)),
        transaction.objectStore('edits').delete(rangeOf(key)),
        transaction.done,
      ]);
    },
  };
}

/** Clients this page has made. */
let clients = 0;

interface PartsWriter {
  clear(): Promise<void>;
  put(part: unknown, number: number): Promise<void>;
}

/** The parts of a copy in their order; throws when one is missing. */
async function* readParts(key: string, count: number): AsyncGenerator<unknown, undefined> {
  for (let first = 0; first < count; first += PARTS_AT_A_TIME) {
    const last = Math.min(count, first + PARTS_AT_A_TIME) - 1;
    const database = await openLocalDatabase();
    const texts = await database.getAll('parts', IDBKeyRange.bound([key, first], [key, last]));
    if (texts.length !== last - first + 1) throw new Error('A part of the local copy is missing.');
    for (const text of texts) yield JSON.parse(text) as unknown;
  }
}
