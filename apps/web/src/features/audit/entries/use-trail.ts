import type { AuditEntry, AuditFilter } from '@meldesync/protocol';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { errorCodeOf } from '../../../api/api.ts';
import { auditQuery } from '../audit-query.ts';
import { isLost, useNewEntries } from '../use-new-entries.ts';

/** The entries that fit a filter, as far as they are loaded, with what came meanwhile. */
export interface Trail {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** How many came since the list was begun. */
  readonly arrived: number;
  /** New ones that are not in the list yet. */
  readonly waiting: number;
  /** More came than is followed: they are taken in by beginning anew. */
  readonly isFlood: boolean;
  /** Takes them in. */
  readonly takeIn: () => void;
  readonly isLoading: boolean;
  /** What is shown is of the filter before. */
  readonly isOfBefore: boolean;
  readonly error: Error | null;
  readonly isForbidden: boolean;
  readonly retry: () => void;
  readonly older: 'none' | 'there' | 'loading' | 'failed';
  readonly loadOlder: () => void;
  /** When it was last heard what is new, in epoch milliseconds; null before the first time. */
  readonly heardAt: number | null;
  readonly isStale: boolean;
  readonly listen: () => void;
}

/** Loads the trail page by page and follows it. */
export function useTrail(workspace: string, filter: AuditFilter): Trail {
  const query = useInfiniteQuery(auditQuery(workspace, filter));
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, isFetchNextPageError, dataUpdatedAt } =
    query;
  const { fetchNextPage, refetch } = query;
  const newest = isPlaceholderData ? undefined : data?.pages[0]?.newest;
  const news = useNewEntries({ workspace, filter, newest });
  const [taken, setTaken] = useState({ newest, count: 0 });
  const count = taken.newest === newest ? taken.count : 0;

  const loaded = useMemo(() => data?.pages.flatMap((page) => page.entries) ?? [], [data]);
  const [entries, fresh] = useMemo(() => {
    const known = new Set(loaded.slice(0, data?.pages[0]?.entries.length ?? 0).map(({ key }) => key));
    const added = news.entries.filter(({ key }) => !known.has(key));
    // The oldest of the new ones are taken in first.
    return [[...added.slice(Math.max(0, added.length - count)), ...loaded], added.length] as const;
  }, [loaded, data, news.entries, count]);

  const queryClient = useQueryClient();
  const { isFlood } = news;
  const beginAnew = useCallback((): void => {
    void queryClient.resetQueries({ queryKey: auditQuery(workspace, filter).queryKey, exact: true });
  }, [queryClient, workspace, filter]);
  const takeIn = useCallback((): void => {
    if (isFlood) beginAnew();
    else setTaken({ newest, count: fresh });
  }, [isFlood, beginAnew, newest, fresh]);

  const loadOlder = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  // A page may hold nothing and still lead on: there was much to look through.
  const isOn =
    entries.length === 0 && hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !isPlaceholderData;
  useEffect(() => {
    if (isOn) loadOlder();
  }, [isOn, loadOlder]);

  const isForbidden = news.isForbidden || (error !== null && errorCodeOf(error) === 'forbidden');
  return {
    entries,
    arrived: fresh,
    waiting: fresh - count,
    isFlood,
    takeIn,
    isLoading: data === undefined || isOn || (entries.length === 0 && isFetchingNextPage),
    isOfBefore: isPlaceholderData,
    error: isFetchNextPageError ? null : error,
    isForbidden,
    retry: () => void refetch(),
    older: isFetchNextPageError ? 'failed' : isFetchingNextPage ? 'loading' : hasNextPage ? 'there' : 'none',
    loadOlder: isFetchNextPageError && error !== null && isLost(errorCodeOf(error)) ? beginAnew : loadOlder,
    heardAt: news.heardAt ?? (dataUpdatedAt > 0 && !isPlaceholderData ? dataUpdatedAt : null),
    isStale: news.isStale,
    listen: news.retry,
  };
}
