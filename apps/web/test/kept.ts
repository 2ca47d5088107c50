import type { Page } from 'playwright-core';

/** Where each kind is kept (see `device/kept-database.ts` and `device/unsent-database.ts`). */
const DATABASES = {
  keyring: 'meldesync-kept',
  answers: 'meldesync-kept',
  copies: 'meldesync-kept',
  parts: 'meldesync-kept',
  edits: 'meldesync-unsent',
} as const;

/** What a page's browser keeps of one kind, with its keys; nothing where there is no such database. */
export function keptIn(page: Page, kind: keyof typeof DATABASES): Promise<[key: unknown, entry: unknown][]> {
  return page.evaluate(
    async ([name, store]) => {
      const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.addEventListener('success', () => resolve(request.result));
          request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
        });
      const opening = indexedDB.open(name);
      // It must not come to be by being looked for.
      opening.addEventListener('upgradeneeded', () => opening.transaction?.abort());
      const database = await resultOf(opening).catch(() => null);
      if (!database) return [];
      const entries = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([resultOf(entries.getAllKeys()), resultOf(entries.getAll())]);
      database.close();
      return keys.map((key, i) => [key, values[i]] as [unknown, unknown]);
    },
    [DATABASES[kind], kind] as const,
  );
}
