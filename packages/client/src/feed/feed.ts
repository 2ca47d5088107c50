import {
  type Cursor,
  comparePositions,
  type Frame,
  type FramePosition,
  formatCursor,
  parseCursor,
  type Reset,
  type SyncedRecord,
} from '@meldesync/protocol';
import { toClientRecord } from '../store/client-record.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { AppliedChange, ClientRecord } from '../types.ts';

/** A snapshot on its way into the store. Several may be at once, and any may be dropped unfinished. */
export interface FeedSnapshot {
  /**
   * Takes a page in. Of the first snapshot of all, records are shown before it is complete, so that a person sees
   * something; later ones change the store in one step.
   */
  addPage(page: readonly SyncedRecord[]): void;
  /**
   * Makes the snapshot the state of the store, at the cursor of its first page. Nothing changes if the store is further
   * already, by frames or another snapshot, or because the pages are of a node that is behind: all that the snapshot holds
   * for certain is there, and it may hold records that were deleted since. So no live change is ever undone by a page that
   * was read before it. Where the store stands is then asked for again.
   */
  finish(cursor: Cursor): void;
}

/** Where the store stands in the workspace's feed, and the only way by which frames reach it. */
export interface Feed {
  /** What the store holds; null until the first snapshot is complete. */
  readonly cursor: Cursor | null;
  /** The cursor to go on from, null when the feed of this epoch cannot be continued and a snapshot is needed. */
  continueIn(epoch: string): Cursor | null;
  /** Whether everything up to `position` is in the store. */
  hasReached(position: FramePosition): boolean;
  /**
   * Applies the frames that follow on what the store holds, skips those it has, and tells the store's readers once.
   * False when one in between is missing; what came before it is applied.
   */
  receive(frames: readonly Frame[]): boolean;
  /** The server cannot continue the cursor; frames are ignored until a snapshot is complete. */
  reset(reason: Reset['reason']): void;
  openSnapshot(): FeedSnapshot;
}

interface FeedInput {
  readonly store: WritableRecordStore;
  /** Whether an operation id belongs to an edit of this client. */
  readonly isOwn: (operation: string) => boolean;
  /**
   * A snapshot is complete. `isRestored`: it took the place of a state of another epoch or of an unknown position, and
   * versions may have gone down.
   */
  readonly onSnapshot: (isRestored: boolean) => void;
}

/** Makes a feed at no position. */
export function createFeed({ store, isOwn, onSnapshot }: FeedInput): Feed {
  let at: { readonly epoch: string; readonly position: FramePosition } | null = null;
  /** False after a reset: what the store holds is old but still shown. */
  let isContinuable = false;
  /** True when the versions of the next snapshot cannot be compared with those of the store. */
  let isForeign = false;

  const applyFrame = (frame: Frame, applied: AppliedChange[]): void => {
    for (const change of frame.changes) {
      const result = store.apply(change, change.operation !== undefined && isOwn(change.operation));
      if (result) applied.push(result);
    }
  };

  return {
    get cursor() {
      return at && formatCursor(at.epoch, at.position);
    },

    continueIn(epoch) {
      return at && isContinuable && at.epoch === epoch ? formatCursor(at.epoch, at.position) : null;
    },

    hasReached(position) {
      return at !== null && comparePositions(at.position, position) >= 0;
    },

    receive(frames) {
      if (!at || !isContinuable) return true;
      const applied: AppliedChange[] = [];
      let isWhole = true;
      for (const frame of frames) {
        const isNews = comparePositions(frame.id, at.position) > 0;
        // A merged frame may begin before what the store holds; what it sets is then at least as new.
        if (isNews && comparePositions(frame.prev, at.position) <= 0) {
          applyFrame(frame, applied);
          at = { epoch: at.epoch, position: frame.id };
        } else if (isNews) {
          isWhole = false;
          break;
        }
      }
      store.announce(applied);
      return isWhole;
    },

    reset(reason) {
      isContinuable = false;
      // A new epoch is known by its name; a node that has not heard of it yet may answer with the old one.
      if (reason === 'unknown') isForeign = true;
    },

    openSnapshot() {
      const records = new Map<number, ClientRecord>();
      let hidden: ClientRecord[] = [];
      return {
        addPage(page) {
          for (const synced of page) {
            const record = toClientRecord(synced, store.get(synced.id));
            records.set(record.id, record);
            if (!at) hidden.push(record);
          }
          // Each preview doubles what is shown: all that readers do about them stays in proportion to the snapshot.
          if (at || hidden.length === 0 || hidden.length < store.size) return;
          store.preview(hidden);
          hidden = [];
        },

        finish(cursor) {
          const { epoch, position } = parseCursor(cursor);
          const isComparable = at !== null && !isForeign && at.epoch === epoch;
          const aheadBy = isComparable && at !== null ? comparePositions(at.position, position) : -1;
          if (aheadBy >= 0) {
            const isConfirmed = aheadBy === 0 && !isContinuable;
            isContinuable = true;
            if (isConfirmed) onSnapshot(false);
            return;
          }
          const isRestored = at !== null && !isComparable;
          at = { epoch, position };
          isContinuable = true;
          isForeign = false;
          store.replace(records, isComparable);
          onSnapshot(isRestored);
        },
      };
    },
  };
}
