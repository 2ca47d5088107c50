import type { SyncPersistence } from '@meldesync/client';
import { keptDatabase } from '../../device/kept-database.ts';
import { rangeOf } from '../../device/local-database.ts';
import { PAGE } from '../../device/page-presence.ts';
import { unsentDatabase } from '../../device/unsent-database.ts';
import { tellUnsentChanged } from '../../device/unsent-news.ts';
import { createKeptCopy } from './kept-copy.ts';
import { createKeptEdits } from './kept-edits.ts';

interface PersistenceInput {
  /** User id. */
  readonly user: string;
  readonly workspace: string;
}

/** Clients this page has made. */
let clients = 0;

/**
 * Keeps a person's copy of a workspace in this browser (IndexedDB) for as long as they are signed in, and their edits that wait,
 * sealed to them, until they are sent. Nobody else can read either.
 */
export function createBrowserPersistence({ user, workspace }: PersistenceInput): SyncPersistence {
  const key = `${user}/${workspace}`;
  return {
    user,
    ...createKeptCopy({ user, key, owner: `${PAGE}-${clients++}` }),
    ...createKeptEdits({ user, key }),
    onLost: (listener) => unsentDatabase.onLost(listener),
    async forget() {
      const transaction = (await keptDatabase.open()).transaction(['copies', 'parts'], 'readwrite');
      await Promise.all([
        transaction.objectStore('copies').delete(key),
        transaction.objectStore('parts').delete(rangeOf(key)),
        transaction.done,
        (await unsentDatabase.open()).delete('edits', rangeOf(key)),
      ]);
      tellUnsentChanged();
    },
  };
}
