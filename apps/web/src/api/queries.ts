import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

/** Who is signed in, and their workspaces. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api().me({ signal }),
  staleTime: 5 * 60_000,
});

/** The people of a workspace: names for `user:<id>` and the choice of assignees. */
export const membersQuery = (workspace: string) =>
  queryOptions({
    queryKey: ['members', workspace],
    queryFn: ({ signal }) => api().members(workspace, { signal }),
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
