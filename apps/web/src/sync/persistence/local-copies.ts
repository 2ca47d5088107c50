import { openLocalDatabase, rangeOfPerson } from './database.ts';

/**
 * Someone signs out: removes their edits that wait, and every copy in this browser, whoever's it is. Edits of other people
 * stay until those sign in again.
 */
export async function forgetLocalCopies(user: string): Promise<void> {
  const database = await openLocalDatabase();
  const transaction = database.transaction(['copies', 'parts', 'edits'], 'readwrite');
  await Promise.all([
    transaction.objectStore('copies').clear(),
    transaction.objectStore('parts').clear(),
    transaction.objectStore('edits').delete(rangeOfPerson(user)),
    transaction.done,
  ]);
}

/** How many edits of a person wait in this browser to be sent, of any workspace and page. */
export async function countKeptEdits(user: string): Promise<number> {
  return (await openLocalDatabase()).count('edits', rangeOfPerson(user));
}
