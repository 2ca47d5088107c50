import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../../api/api.ts';

interface StoredConflicts {
  readonly state: 'open' | 'all';
  /** Internal id of a record; absent for all of the workspace that the person may see. */
  readonly record?: number;
}

/** Conflicts as they are kept, newest first, page by page. */
export const conflictsQuery = (workspace: string, { state, record }: StoredConflicts) =>
  infiniteQueryOptions({
    queryKey: ['conflicts', workspace, state, record ?? null],
    queryFn: ({ pageParam, signal }) =>
      api().conflicts(workspace, { state, record, before: pageParam ?? undefined, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchOnWindowFocus: 'always',
    staleTime: 0,
  });
