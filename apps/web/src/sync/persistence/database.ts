import type { KeptEdit } from '@meldesync/client';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/**
 * The form of everything in the database. A copy of another form is not read: the service has the truth. A new form of
 * edits would have to take the old ones over.
 */
export const FORM = 1;

const NAME = 'meldesync';

/** A copy of a workspace, its parts aside. */
export interface CopyEntry {
  readonly form: number;
  /** The client that may write it. */
  readonly owner: string;
  /** Null while there are no parts. */
  readonly position: unknown;
  /** There are parts from 0 up to this one. */
  readonly parts: number;
}

/** An edit that waits. */
export interface EditEntry {
  /** The page that looks after it. */
  readonly page: string;
  readonly edit: KeptEdit;
}

/** Keys begin with the person and the workspace: `<user>/<workspace>`. */
export interface LocalDatabase extends DBSchema {
  copies: { key: string; value: CopyEntry };
  /** JSON of a part, which a browser reads in half the time it needs for as many objects. */
  parts: { key: [copy: string, part: number]; value: string };
  edits: { key: [copy: string, operation: string]; value: EditEntry };
}

let opened: Promise<IDBPDatabase<LocalDatabase>> | null = null;

/** The database of this browser; opened once, and again after the browser has closed it. Rejects where there is none. */
export function openLocalDatabase(): Promise<IDBPDatabase<LocalDatabase>> {
  opened ??= openDB<LocalDatabase>(NAME, FORM, {
    upgrade(database) {
      database.createObjectStore('copies');
      database.createObjectStore('parts');
      database.createObjectStore('edits');
    },
    blocking(_current, _blocked, event) {
      forgetConnection();
      (event.target as IDBDatabase).close();
    },
    terminated: forgetConnection,
  });
  opened.catch(forgetConnection);
  return opened;
}

function forgetConnection(): void {
  opened = null;
}

/** Every key of a copy's parts or edits. */
export function rangeOf(copy: string): IDBKeyRange {
  return IDBKeyRange.bound([copy], [copy, []]);
}

/** Every key of a person's edits, in whichever workspace. Of the text behind the person's id, 0 is what follows on /. */
export function rangeOfPerson(user: string): IDBKeyRange {
  return IDBKeyRange.bound([`${user}/`], [`${user}0`], false, true);
}
