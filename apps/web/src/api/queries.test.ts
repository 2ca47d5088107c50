import type { HistoryPage } from '@meldesync/protocol';
import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { historyQuery } from './queries.ts';

const client = new QueryClient();
afterEach(() => client.clear());

const FIRST: HistoryPage = { entries: [], next: null };

/** History as a component asks for it; `page` is what the service answers. */
const asked = (record: number, version: number, page: Promise<HistoryPage>) => ({
  ...historyQuery('w', record, version),
  queryFn: () => page,
});
const never = new Promise<HistoryPage>(() => undefined);

it.each([
  ['stands until that of a newer version is there', 1, 2, FIRST],
  ['never stands in for that of another record', 2, 1, undefined],
])('history %s (R5.1)', async (_name, record, version, shown) => {
  const observer = new InfiniteQueryObserver(client, asked(1, 1, Promise.resolve(FIRST)));
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().data?.pages).toEqual([FIRST]));
  observer.setOptions(asked(record, version, never));
  expect(observer.getCurrentResult().data?.pages[0]).toEqual(shown);
  stop();
});
