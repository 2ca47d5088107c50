import type { DBSchema } from 'idb';
import { localDatabase } from './local-database.ts';
import { PAGE } from './page-presence.ts';
import type { Sealed } from './seal-value.ts';
import { tellUnsentChanged } from './unsent-news.ts';

/** A new form would have to take the edits of the old one over. */
const FORM = 1;

/** An edit that waits. */
export interface EditEntry {
  /** The page that looks after it. */
  readonly page: string;
  /** A `KeptEdit`, sealed to its person. */
  readonly edit: Sealed;
}

/** What waits to be sent, of whomever: it outlives their session, and only they can read it. */
interface UnsentSchema extends DBSchema {
  /** Keys begin with the person and the workspace: `<user>/<workspace>`. */
  edits: { key: [copy: string, operation: string]; value: EditEntry };
  /** The user id of who has signed out, which the service may not know. */
  signOut: { key: 'person'; value: string };
}

export const unsentDatabase = localDatabase<UnsentSchema>('meldesync-unsent', FORM, ['edits', 'signOut']);

/** What an edit is sealed as: it opens in no other's place. */
export function aboutEdit(copy: string, operation: string): string {
  return `edit ${copy} ${operation}`;
}

/** Every key of a person's edits, in whichever workspace. Of the text behind the person's id, 0 is what follows on /. */
function rangeOfPerson(user: string): IDBKeyRange {
  return IDBKeyRange.bound([`${user}/`], [`${user}0`], false, true);
}

/** How many edits of a person wait in this browser to be sent, of any workspace and page. */
export async function countUnsent(user: string): Promise<number> {
  return (await unsentDatabase.open()).count('edits', rangeOfPerson(user));
}

/** How many edits of a person wait in this browser that are not those of this page in one workspace, `<user>/<workspace>`. */
export async function countUnsentElsewhere(user: string, copy: string): Promise<number> {
  const database = await unsentDatabase.open();
  const range = rangeOfPerson(user);
  const [keys, entries] = await Promise.all([database.getAllKeys('edits', range), database.getAll('edits', range)]);
  return keys.filter(([of], i) => of !== copy || entries[i]?.page !== PAGE).length;
}

/** Removes the edits of a person that wait; those of others stay until they sign in again. */
export async function removeUnsent(user: string): Promise<void> {
  await (await unsentDatabase.open()).delete('edits', rangeOfPerson(user));
  tellUnsentChanged();
}

/** Who has signed out, which the service may not know. */
export async function readUnsentSignOut(): Promise<string | undefined> {
  return (await unsentDatabase.open()).get('signOut', 'person');
}

/** Writes down who has signed out. Resolves once it is on the disk. */
export async function writeUnsentSignOut(person: string): Promise<void> {
  const transaction = (await unsentDatabase.open()).transaction('signOut', 'readwrite', { durability: 'strict' });
  await transaction.store.put(person, 'person');
  await transaction.done;
}

/** The service knows that a person has signed out; of another it may not. Resolves once that is on the disk. */
export async function forgetUnsentSignOut(person: string): Promise<void> {
  const transaction = (await unsentDatabase.open()).transaction('signOut', 'readwrite', { durability: 'strict' });
  if ((await transaction.store.get('person')) === person) await transaction.store.delete('person');
  await transaction.done;
}
