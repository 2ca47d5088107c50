import {
  addToChecksum,
  type Change,
  type Cursor,
  comparePositions,
  type Frame,
  type FramePosition,
  formatCursor,
  parseCursor,
  type Range,
  type Reset,
  recordChecksum,
  type SyncedRecord,
  type UnreadableRecord,
} from '@meldesync/protocol';
import { toClientRecord } from '../store/client-record.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { AppliedChange, ClientRecord } from '../types/records.ts';
import type { PassedState } from '../types/sync-client.ts';
import { createAhead } from './ahead.ts';
import { createProof, type Proof } from './proof.ts';

/** A snapshot on its way into the store. Several may be at once, and any may be dropped unfinished. */
export interface FeedSnapshot {
  /**
   * Takes a page in. Of the first snapshot of all, records are shown before it is complete, so that a person sees
   * something; later ones change the store in one step.
   */
  addPage(page: readonly SyncedRecord[], unreadable?: readonly UnreadableRecord[]): void;
  /**
   * Makes the snapshot the state of the store, at the cursor of its first page. Nothing changes if the store is further
   * already, by frames or another snapshot, or because the pages are of a node that has not caught up: all that the snapshot holds
   * for certain is there, and it may hold records that were deleted since. So no live change is ever undone by a page that
   * was read before it. Where the store stands is then asked for again.
   */
  finish(cursor: Cursor): void;
}

/** What has to be fetched next. */
export interface MissingRange {
  readonly after: Cursor;
  readonly upto: FramePosition;
}

/** Where the store stands in the workspace's feed, and the only way by which frames reach it. */
export interface Feed {
  /** Up to where the store holds everything; null until the first snapshot is complete. */
  readonly cursor: Cursor | null;
  /** The oldest range that was skipped, null when there is none. */
  readonly missing: MissingRange | null;
  /** How many changes the skipped ranges hold, about. */
  readonly fetching: number;
  /** The cursor to go on from, as far as is known here; null when a snapshot is needed. */
  readonly continuation: Cursor | null;
  /** The cursor to go on from, null when the feed of this epoch cannot be continued and a snapshot is needed. */
  continueIn(epoch: string): Cursor | null;
  /** Whether the store is known to hold what the server holds; see `Proof`. */
  readonly proof: Proof['state'];
  /**
   * Compares the store with what the server says its records add up to at a position. `diverged` when only a snapshot can
   * help. There is nothing to compare while the store stands elsewhere, or something is being fetched.
   */
  compare(sum: number | undefined, position: FramePosition): 'fine' | 'diverged';
  /** Whether everything up to `position` is in the store, or in a range that is to be fetched. */
  hasReached(position: FramePosition): boolean;
  /**
   * Applies the frames that follow on what the store holds or fill what it lacks, leaves out those it has, and tells the
   * store's readers once. `gap` when one in between is missing; what came before it is applied. `diverged` when the store
   * then does not add up to what the server has, `unreadable` when a record that could not be read has changed: only a snapshot can
   * say what it is now.
   */
  receive(frames: readonly Frame[]): 'whole' | 'gap' | 'diverged' | 'unreadable';
  /** Moves past a range, which is then to be fetched. False when frames before it are missing. */
  skip(range: Range): boolean;
  /** The server cannot continue the cursor; frames are ignored until a snapshot is complete. */
  reset(reason: Reset['reason']): void;
  openSnapshot(): FeedSnapshot;
  /** Starts from a copy that was kept. False, and nothing happens, when the store holds something already. */
  resume(cursor: Cursor, records: ReadonlyMap<number, ClientRecord>, unreadable?: readonly UnreadableRecord[]): boolean;
}

interface FeedInput {
  readonly store: WritableRecordStore;
  readonly runtime: Pick<ClientRuntime, 'now'>;
  /** Whether an operation id belongs to an edit of this client. */
  readonly isOwn: (operation: string) => boolean;
  /**
   * A snapshot is complete. `isRestored`: it took the place of a state of another epoch, and versions may have gone down for
   * good.
   */
  readonly onSnapshot: (isRestored: boolean) => void;
  /** See `SyncClientOptions.onPassed`. */
  readonly onPassed?: ((state: PassedState) => void) | undefined;
}

/** Frames that were skipped: those after `from` up to `to`. */
interface Hole {
  readonly from: FramePosition;
  readonly to: FramePosition;
  readonly changes: number;
}

/**
 * Makes a feed at no position. Long because its methods share what they close over; none of them is.
 */
export function createFeed({ store, runtime, isOwn, onSnapshot, onPassed }: FeedInput): Feed {
  /** Everything up to here is in the store but for the holes. */
  let at: { readonly epoch: string; readonly position: FramePosition } | null = null;
  /** In their order, none overlapping another. */
  let holes: readonly Hole[] = [];
  const ahead = createAhead(store);
  /** False after a reset: what the store holds is old but still shown. */
  let isContinuable = false;
  /** True when the versions of the next snapshot cannot be compared with those of the store. */
  let isForeign = false;
  /** The epoch of which records may be shown before the first snapshot is complete. */
  let previewedIn: string | null = null;
  const proof = createProof(runtime);

  const compare = (sum: number | undefined, position: FramePosition): 'fine' | 'diverged' =>
    sum === undefined || holes.length > 0 || at?.position !== position ? 'fine' : proof.compare(store.checksum, sum);

  /** The store holds what the feed holds at its position; `served` is what the server says that adds up to. */
  const pass = (served: number | undefined): void => {
    if (!onPassed || !at || holes.length > 0) return;
    const { checksum, size: records } = store;
    onPassed({ cursor: formatCursor(at.epoch, at.position), checksum, records, served: served ?? null });
  };

  const isAfter = (a: FramePosition, b: FramePosition): boolean => comparePositions(a, b) > 0;

  const cursor = (): Cursor | null => at && formatCursor(at.epoch, holes[0]?.from ?? at.position);

  /** Nothing up to `position` is missing any more, with about so many changes to the last that was. */
  const fill = (epoch: string, front: FramePosition, position: FramePosition, changes: number): AppliedChange[] => {
    at = { epoch, position: isAfter(position, front) ? position : front };
    if (holes.length === 0) return [];
    holes = holes
      .filter(({ to }) => isAfter(to, position))
      .map((hole) =>
        isAfter(position, hole.from) ? { ...hole, from: position, changes: Math.max(1, hole.changes - changes) } : hole,
      );
    return ahead.settle(holes[0]?.from ?? at.position);
  };

  /** False when there are frames before this one that the store neither holds nor knows to be missing. */
  const take = (frame: Frame, applied: AppliedChange[]): boolean => {
    if (!at) return true;
    const { epoch, position: front } = at;
    const whole = holes[0]?.from ?? front;
    if (!isAfter(frame.id, whole)) return true;
    // A merged frame may begin before what the store holds; what it sets is then at least as new.
    const isNext = !isAfter(frame.prev, whole);
    if (!isNext && !isAfter(frame.id, front)) return true;
    if (!isNext && isAfter(frame.prev, front)) return false;
    for (const change of frame.changes) {
      const own = change.operation !== undefined && isOwn(change.operation);
      const result = isNext ? ahead.applyNext(change, own) : ahead.applyAhead(change, frame.id, own);
      if (result) applied.push(result);
    }
    if (isNext) applied.push(...fill(epoch, front, frame.id, frame.changes.length));
    else at = { epoch, position: frame.id };
    return true;
  };

  const isOfUnreadable = ({ record, version }: Change): boolean => {
    const known = store.unreadable.get(record);
    return known !== undefined && version > known;
  };

  return {
    get cursor() {
      return cursor();
    },
    get missing() {
      const [hole] = holes;
      return at && hole && isContinuable ? { after: formatCursor(at.epoch, hole.from), upto: hole.to } : null;
    },
    get fetching() {
      return isContinuable ? holes.reduce((sum, { changes }) => sum + changes, 0) : 0;
    },

    get continuation() {
      return isContinuable ? cursor() : null;
    },
    get proof() {
      return proof.state;
    },
    compare,

    continueIn(epoch) {
      // What was answered to edits of what is shown may be gone with the epoch that it was answered in.
      if (!at && previewedIn !== null && previewedIn !== epoch) isForeign = true;
      previewedIn ??= epoch;
      return at && isContinuable && at.epoch === epoch ? cursor() : null;
    },

    hasReached(position) {
      return at !== null && comparePositions(at.position, position) >= 0;
    },

    receive(frames) {
      if (!at || !isContinuable) return 'whole';
      const applied: AppliedChange[] = [];
      let outcome: 'whole' | 'gap' | 'diverged' | 'unreadable' = 'whole';
      for (const frame of frames) {
        if (frame.changes.some(isOfUnreadable)) {
          outcome = 'unreadable';
          break;
        }
        if (!take(frame, applied)) {
          outcome = 'gap';
          break;
        }
        if (compare(frame.sum, frame.id) === 'diverged') outcome = 'diverged';
        if (at.position === frame.id) pass(frame.sum);
      }
      store.announce(applied);
      return outcome;
    },

    skip({ from, to, changes }) {
      if (!at || !isContinuable || !isAfter(to, at.position)) return true;
      if (isAfter(from, at.position)) return false;
      holes = [...holes, { from: at.position, to, changes }];
      at = { epoch: at.epoch, position: to };
      return true;
    },

    reset(reason) {
      isContinuable = false;
      // A new epoch is known by its name; a node that has not heard of it yet may answer with the old one.
      if (reason === 'unknown') isForeign = true;
    },

    openSnapshot() {
      const records = new Map<number, ClientRecord>();
      const unreadable: UnreadableRecord[] = [];
      let hidden: ClientRecord[] = [];
      return {
        addPage(page, left = []) {
          unreadable.push(...left);
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
          // One that is just as far fills the holes, which perhaps nothing else can, and may be newer than what the feed has told
          // of: a node that hears nothing reads it from the database. One that is less far would show again
          // what has been changed since: the next one will be further.
          const isSame = aheadBy === 0 && holes.length === 0 && checksumOf(records, unreadable) === store.checksum;
          if (aheadBy > 0 || isSame) {
            const isConfirmed = aheadBy === 0 && !isContinuable;
            isContinuable = true;
            if (isConfirmed) onSnapshot(false);
            return;
          }
          // Of the same epoch it may be older than what was shown, by as long as nodes share it: what it lacks comes again.
          const isRestored = at === null ? isForeign : at.epoch !== epoch;
          at = { epoch, position };
          holes = [];
          ahead.clear();
          isContinuable = true;
          isForeign = false;
          store.replace(records, isComparable, unreadable);
          proof.reset();
          pass(undefined);
          onSnapshot(isRestored);
        },
      };
    },

    resume(cursor, records, unreadable = []) {
      if (at || store.size > 0) return false;
      at = parseCursor(cursor);
      isContinuable = true;
      store.replace(records, false, unreadable);
      proof.reset();
      pass(undefined);
      return true;
    },
  };
}

/** What the records add up to, as the server has it. */
function checksumOf(records: ReadonlyMap<number, ClientRecord>, unreadable: readonly UnreadableRecord[]): number {
  let sum = 0;
  for (const { id, version } of unreadable) sum = addToChecksum(sum, recordChecksum(id, version));
  for (const { id, version } of records.values()) sum = addToChecksum(sum, recordChecksum(id, version));
  return sum;
}
