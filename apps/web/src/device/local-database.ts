import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from 'idb';

/** A database of this browser. */
export interface LocalDatabase<Schema extends DBSchema> {
  /** Opened once, and again after the browser or another page has closed it. Rejects where there is none. */
  open(): Promise<IDBPDatabase<Schema>>;
  /** Calls back when the browser has removed it: it needs the room, or somebody wanted so. What is kept from then on is kept. */
  onLost(listener: () => void): () => void;
  /** Removes all that is in it. The database stays: to remove that would wait for every page that has it open, asleep or not. */
  clear(): Promise<void>;
}

/** Names a database with these stores; nothing happens until it is opened. */
export function localDatabase<Schema extends DBSchema>(
  name: string,
  form: number,
  stores: readonly StoreNames<Schema>[],
): LocalDatabase<Schema> {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const listeners = new Set<() => void>();
  const forget = (): void => {
    opened = null;
  };
  const open = (): Promise<IDBPDatabase<Schema>> => {
    opened ??= openDB<Schema>(name, form, {
      upgrade(database) {
        for (const store of stores) database.createObjectStore(store);
      },
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated() {
        forget();
        for (const listener of listeners) listener();
      },
    });
    opened.catch(forget);
    return opened;
  };
  return {
    open,
    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async clear() {
      const transaction = (await open()).transaction([...stores], 'readwrite');
      await Promise.all([...stores.map((store) => transaction.objectStore(store).clear()), transaction.done]);
    },
  };
}

/** Every key of two parts that begins with this one. */
export function rangeOf(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}
