import type { AuditFilter } from '@meldesync/protocol';
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { auditApi } from '../../api/audit.ts';

/** So many entries a page: some screens of them, in an answer that is quick. */
const PAGE = 200;
/** What a look-up may take before it is said that it fails. */
const LIMIT_MS = 30_000;

/**
 * Entries of a workspace's trail, newest first, page by page. What comes later is followed (`useNewEntries`), so nothing of it is asked
 * for twice; each first page is on record as a read, and none is kept for who has left the page.
 */
export const auditQuery = (workspace: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', workspace, filter],
    queryFn: ({ pageParam, signal }) =>
      auditApi().query(workspace, {
        filter,
        limit: PAGE,
        ...(pageParam === null ? {} : { before: pageParam }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
