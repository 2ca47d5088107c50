import type { AuditFilter, AuditQuery } from '@meldesync/protocol';
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { auditApi } from '../../api/audit.ts';

/** So many entries a page: some screens of them, in an answer that is quick. */
const PAGE = 200;
/** What a look-up may take before it is said that it fails. */
const LIMIT_MS = 30_000;

/** At which end a list is begun. */
export type TrailEnd = NonNullable<AuditQuery['end']>;
type Cursor = Pick<AuditQuery, 'before' | 'after'>;
const FIRST: Cursor = {};

/**
 * Entries of a workspace's trail, newest first, page by page from either end. What comes later is followed (`useNewEntries`), so nothing of it is asked
 * for twice; each first page is on record as a read, and none is kept for who has left the page.
 */
export const auditQuery = (workspace: string, filter: AuditFilter, end: TrailEnd) =>
  infiniteQueryOptions({
    queryKey: ['audit', workspace, filter, end],
    queryFn: ({ pageParam, signal }) =>
      auditApi().query(workspace, {
        filter,
        limit: PAGE,
        ...(end === 'oldest' ? { end } : {}),
        ...pageParam,
        signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      }),
    initialPageParam: FIRST,
    getNextPageParam: ({ next }): Cursor | null => (next === null ? null : { before: next }),
    getPreviousPageParam: ({ previous }): Cursor | null => (previous === null ? null : { after: previous }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
