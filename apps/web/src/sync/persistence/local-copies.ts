import { openLocalDatabase } from './database.ts';

/** Removes everything that was kept in this browser, of every person and workspace: someone signs out. */
export async function forgetLocalCopies(): Promise<void> {
  const database = await openLocalDatabase();
  const transaction = database.transaction(['copies', 'parts', 'edits'], 'readwrite');
  await Promise.all([
    transaction.objectStore('copies').clear(),
    transaction.objectStore('parts').clear(),
    transaction.objectStore('edits').clear(),
    transaction.done,
  ]);
}

/** How many edits wait in this browser to be sent. */
export async function countKeptEdits(): Promise<number> {
  return (await openLocalDatabase()).count('edits');
}
