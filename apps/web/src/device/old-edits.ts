import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { otherPages } from './page-presence.ts';
import { createSeal } from './seal-value.ts';
import { aboutEdit, unsentDatabase } from './unsent-database.ts';

/** What releases up to 0.3.0 kept, where everybody who has the disk could read it. */
const NAME = 'meldesync';
/** A page of such a release that is asleep keeps others from it. */
const OPEN_LIMIT_MS = 2_000;

/** There is none, or this page has removed it, or is waiting to. */
let isGone = false;

interface OldSchema extends DBSchema {
  copies: { key: string; value: unknown };
  parts: { key: [copy: string, part: number]; value: string };
  edits: { key: [copy: string, operation: string]; value: { readonly page?: string; readonly edit?: unknown } };
}

/** User ids of those whose edits wait there. A copy there is removed, and the database with its last edit. */
export async function ownersOfOldEdits(): Promise<string[]> {
  const database = await openOld();
  if (!database) return [];
  const keys = await database.getAllKeys('edits');
  await Promise.all([database.clear('copies'), database.clear('parts')]);
  database.close();
  if (keys.length === 0) removeOld();
  return [...new Set(keys.map(([copy]) => ownerOf(copy)))];
}

/**
 * Seals what waits there to whose it is, and removes it where it was once it is on the disk. What belongs to a page of such a
 * release that is still open is that page's.
 */
export async function sealOldEdits(publicKeys: Readonly<Record<string, string>>): Promise<void> {
  const database = await openOld();
  if (!database) return;
  const pages = await otherPages();
  const [keys, entries] = await Promise.all([database.getAllKeys('edits'), database.getAll('edits')]);
  const unsent = await unsentDatabase.open();
  const seals = new Map(Object.entries(publicKeys).map(([owner, key]) => [owner, createSeal(key)]));
  let left = 0;
  for (const [i, key] of keys.entries()) {
    const { page = '', edit } = entries[i] ?? {};
    const seal = seals.get(ownerOf(key[0]));
    if (!seal || pages.has(page)) {
      left += 1;
      continue;
    }
    await unsent.put('edits', { page, edit: await seal(edit, aboutEdit(...key)) }, key);
    await database.delete('edits', key);
  }
  database.close();
  if (left === 0) removeOld();
}

function ownerOf(copy: string): string {
  return copy.slice(0, copy.indexOf('/'));
}

/** Nobody waits for it: pages that have it open may be asleep. */
function removeOld(): void {
  isGone = true;
  deleteDB(NAME).catch((error: unknown) => console.warn('What releases before kept could not be removed', error));
}

/**
 * Null where there is none, which stays so, or it cannot be had now. What is there waits until it can, and keeps nothing of today's
 * from working.
 */
async function openOld(): Promise<IDBPDatabase<OldSchema> | null> {
  if (isGone) return null;
  const opening = openDB<OldSchema>(NAME, 1, {
    upgrade(_database, _from, _to, transaction) {
      isGone = true;
      // It must not come to be by being looked for; opening then rejects too.
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  }).catch((error: unknown) => {
    if (!isGone) console.warn('What releases before kept cannot be opened', error);
    return null;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), OPEN_LIMIT_MS);
  });
  const database = await Promise.race([opening, limit]);
  clearTimeout(timer);
  // One that comes too late is not kept from others.
  if (!database) void opening.then((late) => late?.close());
  return database;
}
