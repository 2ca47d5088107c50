import type { SyncPersistence } from '@meldesync/client';
import { keyringOf, keysWereGiven } from '../../api/device-keys.ts';
import { rangeOf } from '../../device/local-database.ts';
import { ownersOfOldEdits } from '../../device/old-edits.ts';
import { otherPages, PAGE, showPresence } from '../../device/page-presence.ts';
import { aboutEdit, type EditEntry, unsentDatabase } from '../../device/unsent-database.ts';

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

interface KeptEditsInput {
  /** User id: they are sealed to them. */
  readonly user: string;
  /** One a person and workspace. */
  readonly key: string;
}

/** The edits of a person in a workspace that wait for their answer; each belongs to the page that made it while that is there. */
export function createKeptEdits({ user, key }: KeptEditsInput): Pick<SyncPersistence, 'loadEdits' | 'saveEdits'> {
  return {
    async loadEdits() {
      await showPresence();
      if ((await ownersOfOldEdits()).includes(user)) await keysWereGiven();
      const claimed = await claimEdits(key);
      // Nobody is kept waiting for keys that are not needed.
      if (claimed.length === 0) return [];
      const { openSealed } = await keyringOf(user);
      return Promise.all(
        claimed.map(async ([operation, edit]) => {
          // One that cannot be opened is handed on like an edit that cannot be read: the client says so, and takes the others up.
          return edit && openSealed(edit, aboutEdit(key, operation)).catch(() => undefined);
        }),
      );
    },

    saveEdits(changes) {
      const write = writeEdits({ user, key }, changes);
      const counted = write.finally(() => writes.delete(counted));
      writes.add(counted);
      return counted;
    },
  };
}

/** Makes the edits those of this page that are no other's. What is no entry at all is undefined. */
async function claimEdits(key: string): Promise<[operation: string, edit: EditEntry['edit'] | undefined][]> {
  const others = await otherPages();
  const edits = (await unsentDatabase.open()).transaction('edits', 'readwrite').store;
  const claimed: [string, EditEntry['edit'] | undefined][] = [];
  for (let cursor = await edits.openCursor(rangeOf(key)); cursor; cursor = await cursor.continue()) {
    const value: unknown = cursor.value;
    const { page, edit }: Partial<EditEntry> = typeof value === 'object' && value !== null ? value : {};
    if (page !== undefined && others.has(page)) continue;
    if (edit !== undefined) await cursor.update({ page: PAGE, edit });
    claimed.push([cursor.key[1], edit]);
  }
  return claimed;
}

async function writeEdits(
  { user, key }: KeptEditsInput,
  { put, removed }: Parameters<SyncPersistence['saveEdits']>[0],
): Promise<void> {
  const sealed = put.length === 0 ? [] : await sealEdits({ user, key }, put);
  const transaction = (await unsentDatabase.open()).transaction('edits', 'readwrite');
  await Promise.all([
    ...sealed.map(([operation, edit]) => transaction.store.put({ page: PAGE, edit }, [key, operation])),
    ...removed.map((operation) => transaction.store.delete([key, operation])),
    transaction.done,
  ]);
}

async function sealEdits(
  { user, key }: KeptEditsInput,
  edits: Parameters<SyncPersistence['saveEdits']>[0]['put'],
): Promise<[operation: string, edit: EditEntry['edit']][]> {
  const { seal } = await keyringOf(user);
  return Promise.all(
    edits.map(async (edit): Promise<[string, EditEntry['edit']]> => {
      const { operation } = edit;
      return [operation, await seal(edit, aboutEdit(key, operation))];
    }),
  );
}
