import type { SyncPersistence } from '@meldesync/client';
import { keyringOf, keysWereGiven } from '../../api/device-keys.ts';
import { ownersOfOldEdits } from '../../device/old-edits.ts';
import { PAGE, showPresence } from '../../device/page-presence.ts';
import { aboutEdit, type EditEntry, unsentDatabase } from '../../device/unsent-database.ts';
import { tellUnsentChanged } from '../../device/unsent-news.ts';
import { claimLeftEdits, openClaimed } from './claim-edits.ts';
import { giveWay } from './kept-copy.ts';
import { watchLeftEdits } from './left-edits.ts';

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

type EditsKeeping = Required<Pick<SyncPersistence, 'loadEdits' | 'watchEdits' | 'saveEdits'>>;

/** The edits of a person in a workspace that wait for their answer; each belongs to the page that made it while that is there. */
export function createKeptEdits({ user, key }: KeptEditsInput): EditsKeeping {
  return {
    async loadEdits() {
      await showPresence();
      if ((await ownersOfOldEdits()).includes(user)) await keysWereGiven();
      return openClaimed(user, key, await claimLeftEdits(key));
    },

    watchEdits: (listener) => watchLeftEdits({ user, key, listener }),

    saveEdits(changes) {
      const write = writeEdits({ user, key }, changes).catch(async (error: unknown) => {
        if (!isFull(error)) throw error;
        await giveWay();
        await writeEdits({ user, key }, changes);
      });
      const counted = write.finally(() => writes.delete(counted));
      writes.add(counted);
      return counted;
    },
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
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
  tellUnsentChanged();
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
