import { type DBSchema, deleteDB, type IDBPDatabase, openDB, type StoreNames } from 'idb';

/** A database of this browser. */
export interface LocalDatabase<Schema extends DBSchema> {
  /** Opened once, and again after the browser or another page has closed it. Rejects where there is none. */
  open(): Promise<IDBPDatabase<Schema>>;
  /** Removes it with all that is in it, once the pages that have it open have let go. */
  remove(): Promise<void>;
}

/** Names a database with these stores; nothing happens until it is opened. */
export function localDatabase<Schema extends DBSchema>(
  name: string,
  form: number,
  stores: readonly StoreNames<Schema>[],
): LocalDatabase<Schema> {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const forget = (): void => {
    opened = null;
  };
  return {
    open() {
      opened ??= openDB<Schema>(name, form, {
        upgrade(database) {
          for (const store of stores) database.createObjectStore(store);
        },
        blocking(_current, _blocked, event) {
          forget();
          (event.target as IDBDatabase).close();
        },
        terminated: forget,
      });
      opened.catch(forget);
      return opened;
    },
    async remove() {
      const database = opened;
      forget();
      (await database?.catch(() => undefined))?.close();
      await deleteDB(name);
    },
  };
}

/** Every key of two parts that begins with this one. */
export function rangeOf(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}
