import { keyringOf } from '../../api/device-keys.ts';
import { rangeOf } from '../../device/local-database.ts';
import { ifPageIsGone, PAGE } from '../../device/page-presence.ts';
import { aboutEdit, type EditEntry, unsentDatabase } from '../../device/unsent-database.ts';
import { tellUnsentChanged } from '../../device/unsent-news.ts';

/** An edit that is this page's from now on. What is no entry at all is undefined. */
export type ClaimedEdit = readonly [operation: string, edit: EditEntry['edit'] | undefined];

/** The pages whose edits wait under a key; the name of one that is not known is empty. */
export async function pagesWithEdits(key: string): Promise<ReadonlySet<string>> {
  const entries: unknown[] = await (await unsentDatabase.open()).getAll('edits', rangeOf(key));
  return new Set(entries.map((entry) => pageOf(entry)));
}

/** Makes the edits of one page this one's. Who calls it knows that the page is gone, and that nobody else does the same. */
export async function claimEditsOf(key: string, page: string): Promise<ClaimedEdit[]> {
  const edits = (await unsentDatabase.open()).transaction('edits', 'readwrite').store;
  const claimed: ClaimedEdit[] = [];
  for (let cursor = await edits.openCursor(rangeOf(key)); cursor; cursor = await cursor.continue()) {
    const value: unknown = cursor.value;
    if (pageOf(value) !== page) continue;
    const edit = (value as Partial<EditEntry> | undefined)?.edit;
    if (edit !== undefined) await cursor.update({ page: PAGE, edit });
    claimed.push([cursor.key[1], edit]);
  }
  if (claimed.length > 0) tellUnsentChanged();
  return claimed;
}

/** Makes the edits this page's that are no other's, also those that a client before left on this page. */
export async function claimLeftEdits(key: string): Promise<ClaimedEdit[]> {
  const claimed: ClaimedEdit[] = [];
  const claim = async (page: string): Promise<void> => {
    claimed.push(...(await claimEditsOf(key, page)));
  };
  for (const page of await pagesWithEdits(key)) {
    if (page === PAGE) await claim(page);
    else await ifPageIsGone(page, () => claim(page));
  }
  return claimed;
}

/** One that cannot be opened is handed on like an edit that cannot be read: the client says so, and takes the others up. */
export async function openClaimed(user: string, key: string, claimed: readonly ClaimedEdit[]): Promise<unknown[]> {
  // Nobody is kept waiting for keys that are not needed.
  if (claimed.length === 0) return [];
  const { openSealed } = await keyringOf(user);
  return Promise.all(
    claimed.map(
      async ([operation, edit]) => edit && openSealed(edit, aboutEdit(key, operation)).catch(() => undefined),
    ),
  );
}

function pageOf(entry: unknown): string {
  const page = (entry as Partial<EditEntry> | null | undefined)?.page;
  return typeof page === 'string' ? page : '';
}
