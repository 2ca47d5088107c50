import {
  type Change,
  type Cursor,
  comparePositions,
  type FramePosition,
  formatCursor,
  parseCursor,
} from '@meldesync/protocol';
import type { Feed } from './feed.ts';

/** Hears of changes as they pass; null: some were not told, so what is known of any record may be old. */
export type OnNews = (changes: readonly Change[] | null) => void;

/**
 * Makes the feed of a client that keeps no records: it knows where it stands, and lets what it is told of records pass by. What a
 * whole feed does for the store has nothing to do here, so a gap is none, and nothing can diverge. A merged frame may tell of a change
 * again: whoever keeps a record goes by its version.
 */
export function createPositionFeed(onNews: OnNews = () => undefined): Feed {
  let at: { readonly epoch: string; readonly position: FramePosition } | null = null;
  let isContinuable = false;

  const cursor = (): Cursor | null => at && formatCursor(at.epoch, at.position);
  /** Whether that is further. */
  const moveTo = (position: FramePosition): boolean => {
    if (!at || !isContinuable || comparePositions(position, at.position) <= 0) return false;
    at = { epoch: at.epoch, position };
    return true;
  };
  const startAt = (from: Cursor): void => {
    at = parseCursor(from);
    isContinuable = true;
    onNews(null);
  };

  return {
    get cursor() {
      return cursor();
    },
    get continuation() {
      return isContinuable ? cursor() : null;
    },
    missing: null,
    fetching: 0,
    proof: 'unproved',
    compare: () => 'fine',
    continueIn: (epoch) => (isContinuable && at?.epoch === epoch ? cursor() : null),
    hasReached: (position) => at !== null && comparePositions(at.position, position) >= 0,
    receive(frames) {
      const changes = frames.filter(({ id }) => moveTo(id)).flatMap((frame) => frame.changes);
      if (changes.length > 0) onNews(changes);
      return 'whole';
    },
    skip({ to }) {
      if (moveTo(to)) onNews(null);
      return true;
    },
    reset() {
      isContinuable = false;
    },
    openSnapshot: () => ({ addPage: () => undefined, finish: startAt }),
    resume(from) {
      startAt(from);
      return true;
    },
  };
}
