import type { Page } from 'playwright-core';

/** What a page's browser keeps of one kind (see `sync/persistence/database.ts`), with its keys. */
export function keptIn(page: Page, kind: 'copies' | 'parts' | 'edits'): Promise<[key: unknown, entry: unknown][]> {
  return page.evaluate(async (name) => {
    const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
      });
    const database = await resultOf(indexedDB.open('meldesync'));
    const store = database.transaction(name).objectStore(name);
    const [keys, entries] = await Promise.all([resultOf(store.getAllKeys()), resultOf(store.getAll())]);
    database.close();
    return keys.map((key, i) => [key, entries[i]]);
  }, kind);
}
