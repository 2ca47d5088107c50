import type { AuditEntry, AuditFilter } from '@meldesync/protocol';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { errorCodeOf } from '../../../api/api.ts';
import { useOwnTime } from '../../../i18n/use-clock.ts';
import { useGoneRecords } from '../../../sync/use-gone-records.ts';
import { auditQuery, type TrailEnd } from '../audit-query.ts';
import { isLost, type NewEntries, useNewEntries } from '../use-new-entries.ts';

/** What lies beyond the entries that are loaded. */
type Beyond = 'none' | 'there' | 'loading' | 'failed';

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
  /** What is shown is of the filter, or of the end, before. */
  readonly isOfBefore: boolean;
  readonly error: Error | null;
  readonly isForbidden: boolean;
  readonly retry: () => void;
  /** At which end the list was begun: a million entries are not scrolled through. */
  readonly end: TrailEnd;
  /** Begins it at the other end. */
  readonly begin: (end: TrailEnd) => void;
  readonly older: Beyond;
  readonly loadOlder: () => void;
  readonly newer: Beyond;
  readonly loadNewer: () => void;
  /** How far was looked for what fits, on the way on; null at the end. */
  readonly searchedTo: string | null;
  /** When it was last heard what is new, in epoch milliseconds; null before the first time. */
  readonly heardAt: number | null;
  readonly isStale: boolean;
  readonly listen: () => void;
}

/** Loads the trail page by page and follows it. */
export function useTrail(workspace: string, filter: AuditFilter): Trail {
  const [{ end, of }, setBegun] = useState<{ end: TrailEnd; of: AuditFilter }>({ end: 'newest', of: filter });
  // Of another filter: what it leaves is begun at the newest.
  if (of !== filter) setBegun({ end: 'newest', of: filter });
  const options = useMemo(() => auditQuery(workspace, filter, end), [workspace, filter, end]);
  const query = useInfiniteQuery(options);
  const { data, error, isPlaceholderData, dataUpdatedAt, refetch } = query;
  const loadedAt = useOwnTime(dataUpdatedAt);
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  const { fetchPreviousPage, hasPreviousPage, isFetchingPreviousPage, isFetchPreviousPageError } = query;
  const newest = isPlaceholderData ? undefined : data?.pages[0]?.newest;
  const loaded = useMemo(() => data?.pages.flatMap((page) => page.entries) ?? [], [data]);
  const news = useNewEntries({ workspace, filter, newest, loaded });
  const [taken, setTaken] = useState({ newest, count: 0 });
  // Between the oldest entries and the new ones lie others: those do not go in here.
  const count = taken.newest === newest && !hasPreviousPage ? taken.count : 0;

  const [entries, fresh] = useMemo(() => {
    const known = new Set(loaded.map(({ key }) => key));
    const added = news.entries.filter(({ key }) => !known.has(key));
    // The oldest of the new ones are taken in first.
    const listed = [...added.slice(Math.max(0, added.length - count)), ...loaded];
    return [listed.map((entry) => sealedBy(news.seals, entry)), added.length] as const;
  }, [loaded, news.entries, news.seals, count]);

  const queryClient = useQueryClient();
  const { isFlood } = news;
  const begin = useCallback((at: TrailEnd): void => setBegun({ end: at, of: filter }), [filter]);
  const beginAnew = useCallback((): void => {
    void queryClient.resetQueries({ queryKey: options.queryKey, exact: true });
  }, [queryClient, options]);
  const takeIn = useCallback((): void => {
    if (hasPreviousPage) begin('newest');
    else if (isFlood) beginAnew();
    else setTaken({ newest, count: fresh });
  }, [hasPreviousPage, begin, isFlood, beginAnew, newest, fresh]);

  const loadOlder = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const loadNewer = useCallback(() => void fetchPreviousPage(), [fetchPreviousPage]);
  const isFetching = isFetchingNextPage || isFetchingPreviousPage;
  const hasFailed = isFetchNextPageError || isFetchPreviousPageError;
  // A page may hold nothing and still lead on: there was much to look through.
  const isOn =
    entries.length === 0 && (hasNextPage || hasPreviousPage) && !isFetching && !hasFailed && !isPlaceholderData;
  useEffect(() => {
    if (isOn) (hasNextPage ? loadOlder : loadNewer)();
  }, [isOn, hasNextPage, loadOlder, loadNewer]);

  // Of a case that was erased, what is loaded still tells: it is read anew, and stays where it is.
  useGoneRecords((isGone) => {
    if (entries.some(({ record }) => record !== null && isGone(record))) void refetch();
  });

  const isForbidden = news.isForbidden || (error !== null && errorCodeOf(error) === 'forbidden');
  const mustBeginAnew = hasFailed && error !== null && isLost(errorCodeOf(error));
  return {
    entries,
    arrived: fresh,
    waiting: fresh - count,
    isFlood,
    takeIn,
    isLoading: data === undefined || isOn || (entries.length === 0 && isFetching),
    isOfBefore: isPlaceholderData,
    error: hasFailed ? null : error,
    isForbidden,
    retry: () => void refetch(),
    end,
    begin,
    older: beyond({ isThere: hasNextPage, isLoading: isFetchingNextPage, hasFailed: isFetchNextPageError }),
    loadOlder: mustBeginAnew ? beginAnew : loadOlder,
    newer: beyond({ isThere: hasPreviousPage, isLoading: isFetchingPreviousPage, hasFailed: isFetchPreviousPageError }),
    loadNewer: mustBeginAnew ? beginAnew : loadNewer,
    searchedTo: (end === 'newest' ? data?.pages.at(-1) : data?.pages[0])?.searchedTo ?? null,
    heardAt: news.heardAt ?? (dataUpdatedAt > 0 && !isPlaceholderData ? loadedAt : null),
    isStale: news.isStale,
    listen: news.retry,
  };
}

/** An entry as it is sealed meanwhile; itself where nothing was heard of that. */
function sealedBy(seals: NewEntries['seals'], entry: AuditEntry): AuditEntry {
  const seal = entry.seal === null ? seals.get(entry.key) : undefined;
  return seal === undefined ? entry : { ...entry, seal };
}

function beyond(state: { isThere: boolean; isLoading: boolean; hasFailed: boolean }): Beyond {
  if (state.hasFailed) return 'failed';
  if (state.isLoading) return 'loading';
  return state.isThere ? 'there' : 'none';
}
