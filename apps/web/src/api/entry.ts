import { createEntryApi } from '@meldesync/client';
import type { Entry } from '@meldesync/protocol';
import { queryOptions } from '@tanstack/react-query';

/** How one signs in here. A node of the release before does not say: with a password. */
export const entryQuery = queryOptions({
  queryKey: ['entry'],
  queryFn: ({ signal }): Promise<Entry> =>
    createEntryApi({ baseUrl: location.origin, fetch: (...request) => fetch(...request) }).entry({ signal }),
  retry: false,
  networkMode: 'always',
  staleTime: 60_000,
});
