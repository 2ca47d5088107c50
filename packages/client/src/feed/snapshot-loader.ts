import {
  type Cursor,
  parseCursor,
  readValue,
  type SnapshotPage,
  type UnreadableRecord,
  unreadableIn,
  unreadableRecord,
} from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import type { Feed, FeedSnapshot } from './feed.ts';

/** How far a snapshot is. */
export interface SnapshotProgress {
  readonly loaded: number;
  readonly total: number;
}

/** Takes snapshots, one at a time. */
export interface SnapshotLoader {
  /**
   * Loads every page and makes them the state of the store. One that was interrupted goes on where it stopped: its
   * cursor is that of its first page, and the feed brings what happened since. Rejects with `SyncError` or the
   * signal's reason.
   */
  load(signal: AbortSignal, onProgress: (progress: SnapshotProgress) => void): Promise<void>;
  /** Forgets an interrupted snapshot: its cursor is no longer of use. */
  discard(): void;
}

interface SnapshotLoaderInput {
  readonly feed: Feed;
  /** `edition` is that of the snapshot's first page: its other pages are then shared by all who load it. */
  readonly fetchPage: (
    after: number | undefined,
    signal: AbortSignal,
    edition: string | undefined,
  ) => Promise<SnapshotPage>;
}

interface Unfinished {
  readonly snapshot: FeedSnapshot;
  readonly cursor: Cursor;
  readonly edition: string | undefined;
  readonly after: number;
  readonly loaded: number;
}

/** The records of a page that cannot be read: those that the node left out, and those that this version cannot read. */
function unreadableOf({ records, unreadable = [] }: SnapshotPage): UnreadableRecord[] {
  const own = unreadableIn(records).flatMap((record) => {
    const reading = readValue(unreadableRecord, record);
    return 'value' in reading ? [reading.value] : [];
  });
  return [...unreadable, ...own];
}

/** How long a page, of a snapshot or of frames, may take before whoever loads gives up. */
export const PAGE_LIMIT_MS = 30_000;
/** How often the epoch may change while one snapshot is loaded. */
const MAX_RESTARTS = 3;

/** Makes a loader. */
export function createSnapshotLoader({ feed, fetchPage }: SnapshotLoaderInput): SnapshotLoader {
  let unfinished: Unfinished | null = null;

  const discard = (): void => {
    unfinished = null;
  };

  /** The snapshot the page belongs to: the unfinished one, or a new one when the epoch changed under it. */
  const snapshotOf = (page: SnapshotPage): Omit<Unfinished, 'after'> | null => {
    if (!unfinished) return { snapshot: feed.openSnapshot(), cursor: page.cursor, edition: page.edition, loaded: 0 };
    return parseCursor(unfinished.cursor).epoch === parseCursor(page.cursor).epoch ? unfinished : null;
  };

  return {
    discard,
    async load(signal, onProgress) {
      for (let restarts = 0; restarts <= MAX_RESTARTS; ) {
        const after: number | undefined = unfinished?.after;
        const page = await fetchPage(after, signal, unfinished?.edition);
        signal.throwIfAborted();
        const current = snapshotOf(page);
        if (!current) {
          discard();
          restarts += 1;
          continue;
        }
        current.snapshot.addPage(page.records, unreadableOf(page));
        const loaded = current.loaded + page.records.length;
        onProgress({ loaded, total: Math.max(loaded, page.total) });
        if (page.next === null) {
          unfinished = null;
          current.snapshot.finish(current.cursor);
          return;
        }
        unfinished = { ...current, after: page.next, loaded };
        if (page.next <= (after ?? 0)) break;
      }
      // The epoch changes with every page, or a page leads nowhere: asking on would never end.
      discard();
      throw new SyncError('internal');
    },
  };
}
