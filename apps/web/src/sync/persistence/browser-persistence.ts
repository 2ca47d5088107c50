import type { SyncPersistence } from '@meldesync/client';
import { openLocalDatabase, rangeOf } from './database.ts';
import { createKeptCopy } from './kept-copy.ts';
import { createKeptEdits } from './kept-edits.ts';
import { PAGE } from './page-presence.ts';

interface PersistenceInput {
  /** User id. */
  readonly user: string;
  readonly workspace: string;
}

/** Clients this page has made. */
let clients = 0;

/**
 * Keeps a person's copy of a workspace in this browser (IndexedDB). Copies of other people are removed when one is
 * loaded; their edits that wait stay until they sign in again, and are never shown to anybody else.
 */
export function createBrowserPersistence({ user, workspace }: PersistenceInput): SyncPersistence {
  const key = `${user}/${workspace}`;
  return {
    user,
    ...createKeptCopy({ user, key, owner: `${PAGE}-${clients++}` }),
    ...createKeptEdits(key),
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
