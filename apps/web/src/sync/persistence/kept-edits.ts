import type { SyncPersistence } from '@meldesync/client';
import { type EditEntry, openLocalDatabase, rangeOf } from './database.ts';
import { otherPages, PAGE, showPresence } from './page-presence.ts';

/** Writes that are under way, of any client of this page. */
const writes = new Set<Promise<unknown>>();

/**
 * Resolves once everything that clients of this page have decided to keep is on the disk, or could not be written. They
 * decide within one turn.
 */
export async function editsAreKept(): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve));
    await Promise.allSettled(writes);
  } while (writes.size > 0);
}

/** The edits of a person in a workspace that wait for their answer; each belongs to the page that made it while that is there. */
export function createKeptEdits(key: string): Pick<SyncPersistence, 'loadEdits' | 'saveEdits'> {
  return {
    async loadEdits() {
      await showPresence();
      const others = await otherPages();
      const database = await openLocalDatabase();
      const edits = database.transaction('edits', 'readwrite').store;
      const taken: unknown[] = [];
      for (let cursor = await edits.openCursor(rangeOf(key)); cursor; cursor = await cursor.continue()) {
        // What is no entry at all is handed on like an edit that cannot be read: the client says so, and takes the others up.
        const value: unknown = cursor.value;
        const { page, edit }: Partial<EditEntry> = typeof value === 'object' && value !== null ? value : {};
        if (page !== undefined && others.has(page)) continue;
        if (edit !== undefined) await cursor.update({ page: PAGE, edit });
        taken.push(edit);
      }
      return taken;
    },

    saveEdits(changes) {
      const write = writeEdits(key, changes);
      const counted = write.finally(() => writes.delete(counted));
      writes.add(counted);
      return counted;
    },
  };
}

async function writeEdits(key: string, { put, removed }: Parameters<SyncPersistence['saveEdits']>[0]): Promise<void> {
  const database = await openLocalDatabase();
  const transaction = database.transaction('edits', 'readwrite');
  await Promise.all([
    ...put.map((edit) => transaction.store.put({ page: PAGE, edit }, [key, edit.operation])),
    ...removed.map((operation) => transaction.store.delete([key, operation])),
    transaction.done,
  ]);
}
