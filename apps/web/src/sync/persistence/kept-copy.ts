import type { KeptCopy, SyncPersistence } from '@meldesync/client';
import { type CopyEntry, FORM, openLocalDatabase, rangeOf } from './database.ts';

/** Parts that are read at a time; the page stays responsive in between. */
const PARTS_AT_A_TIME = 8;

interface KeptCopyInput {
  /** User id; copies of other people are removed when one is loaded. */
  readonly user: string;
  /** Names the copy: one a person and workspace. */
  readonly key: string;
  /** The client that may change it, which is the one that loaded it last. */
  readonly owner: string;
}

/** The copy of a workspace in this browser, in parts, with the position up to which it is current. */
export function createKeptCopy({
  user,
  key,
  owner,
}: KeptCopyInput): Pick<SyncPersistence, 'loadCopy' | 'replaceCopy' | 'extendCopy'> {
  /** Changes the copy if it still belongs to this client. */
  const change = (write: WriteCopy): Promise<boolean> => changeCopy(key, owner, write);
  return {
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
  };
}

type WriteCopy = (parts: PartsWriter, copy: CopyEntry) => Promise<Pick<CopyEntry, 'position' | 'parts'>>;

/** False when the copy belongs to another client by now. */
async function changeCopy(key: string, owner: string, write: WriteCopy): Promise<boolean> {
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
}

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
