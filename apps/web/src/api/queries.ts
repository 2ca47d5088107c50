import { SyncError } from '@meldesync/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';
import { askWhoIsSignedIn } from './ask-who-is-signed-in.ts';
import { keepMe, keepMembers, keptMe, keptMembers } from './kept-answers.ts';
import { retryQuery } from './query-client.ts';

/** How long a page that knows who was signed in last waits to hear who is. */
const ME_LIMIT_MS = 4_000;

/** Who is signed in, and their workspaces. Asked not for long where the page can be opened with what was known last. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await (keptMe() ? limited(signal, ME_LIMIT_MS, askWhoIsSignedIn) : askWhoIsSignedIn(signal));
    keepMe(me);
    return me;
  },
  retry: (failures, error) => keptMe() === null && retryQuery(failures, error),
  staleTime: 5 * 60_000,
});

/** The people of a workspace: names for `user:<id>` and the choice of assignees. */
export const membersQuery = (workspace: string) =>
  queryOptions({
    queryKey: ['members', workspace],
    queryFn: async ({ signal }) => {
      const members = await api().members(workspace, { signal });
      keepMembers(workspace, members);
      return members;
    },
    // They stay where the service has no newer ones to give.
    initialData: () => keptMembers(workspace),
    initialDataUpdatedAt: 0,
    staleTime: 5 * 60_000,
  });

/** The imports of a workspace, newest first. What the live feed tells of them comes on top (see `use-imports.ts`). */
export const importsQuery = (workspace: string) =>
  queryOptions({
    queryKey: importsKey(workspace),
    queryFn: ({ signal }) => api().imports(workspace, { signal }),
  });

const importsKey = (workspace: string) => ['imports', workspace] as const;

/** Rows of an import that have something to say, page by page. `finished` is part of the key: rows come at the end. */
export const importRowsQuery = (workspace: string, id: string, finished: boolean) =>
  infiniteQueryOptions({
    queryKey: ['import-rows', workspace, id, finished],
    queryFn: ({ pageParam, signal }) => api().importRows(workspace, id, { after: pageParam ?? undefined, signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    enabled: finished,
  });

/**
 * History of a record, newest first. `version` is part of the key: a change makes the next look-up fetch anew, and what
 * is known of this very record stands until it is there.
 */
export const historyQuery = (workspace: string, record: number, version: number) =>
  infiniteQueryOptions({
    queryKey: ['history', workspace, record, version],
    queryFn: ({ pageParam, signal }) =>
      api().history(workspace, record, pageParam === null ? { signal } : { before: pageParam, signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (previous, query) =>
      query?.queryKey[1] === workspace && query.queryKey[2] === record ? previous : undefined,
  });

/** Gives a request so much time; it then fails like one that did not reach the service. */
async function limited<T>(
  signal: AbortSignal,
  limitMs: number,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await request(AbortSignal.any([signal, limit]));
  } catch (error) {
    throw limit.aborted ? new SyncError('unavailable', { cause: error }) : error;
  }
}
