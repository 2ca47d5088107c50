import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Kept } from '../types/keeping.ts';
import type { AppliedChange, RecordStore } from '../types/records.ts';
import type { CopyPart, CopyPosition, SyncPersistence } from '../types/sync-persistence.ts';
import { keptAfter } from './keeping.ts';
import { toSyncedRecord } from './kept-edit.ts';

/** Changes are saved together, this long after the first of them. */
export const SAVE_AFTER_MS = 2_000;
/** How often is saved that the copy is still current, while nothing changes. */
export const TOUCH_EVERY_MS = 30_000;
/** Records in one part: large enough that a hundred thousand are read quickly, small enough not to be noticed. */
export const PART_RECORDS = 1_000;
/** A copy that was extended so often, or by half as many records as there are and by at least so many, is written anew. */
export const MAX_EXTENSIONS = 1_000;
export const MIN_RECORDS_TO_RENEW = 10_000;

/** One that could not be written is tried so long after. */
export const TRY_AGAIN_MS = 60_000;

/** Follows the store with a copy. */
export interface CopyKeeper {
  /** The store has changed; no changes say that it is to be read anew. */
  applied(changes: readonly AppliedChange[]): void;
  /** The store was seen to be current. */
  current(): void;
  /** The copy that was loaded has so many parts. */
  loaded(parts: number): void;
  /** Saves what is not saved yet, and no more after that. */
  close(): void;
  open(): void;
}

type KeptStore = Pick<WritableRecordStore, keyof RecordStore | 'unreadable'>;

interface KeeperInput {
  readonly runtime: ClientRuntime;
  readonly persistence: Pick<SyncPersistence, 'replaceCopy' | 'extendCopy'>;
  readonly store: KeptStore;
  readonly feed: Pick<Feed, 'cursor'>;
  readonly currentAt: () => number | null;
  /** Whether the copy is written, each time that was tried. */
  readonly onKept: (kept: Kept) => void;
  readonly report: ReportError;
}

/**
 * Makes a keeper. A copy holds at least everything up to its cursor, and may hold more: changes that go on while it is
 * written. That is harmless, because they come again as frames and apply by version.
 * Long because its methods share what they close over; none of them is.
 */
export function createCopyKeeper(input: KeeperInput): CopyKeeper {
  const { runtime, persistence, store, feed, report } = input;
  let changed = new Set<number>();
  /** The next save writes everything. */
  let isAnew = true;
  /** False once another client owns the copy. */
  let isKept = true;
  let isSaving = false;
  /** Tries in a row that failed. */
  let failures = 0;
  let isOpen = true;
  let extensions = 0;
  let extendedBy = 0;
  let timer: unknown = null;
  let dueAt = 0;

  const saveIn = (delayMs: number): void => {
    if (!isOpen || !isKept) return;
    const at = runtime.now() + delayMs;
    if (timer !== null && dueAt <= at) return;
    if (timer !== null) runtime.clearTimeout(timer);
    dueAt = at;
    timer = runtime.setTimeout(() => {
      timer = null;
      void save();
    }, delayMs);
  };

  const write = (position: CopyPosition): Promise<boolean> => {
    const isGrown =
      extensions >= MAX_EXTENSIONS || extendedBy >= Math.max(MIN_RECORDS_TO_RENEW, Math.floor(store.size / 2));
    const ids = changed;
    changed = new Set();
    if (isAnew || isGrown) {
      isAnew = false;
      extensions = 0;
      extendedBy = 0;
      return persistence.replaceCopy(position, allParts(store));
    }
    const parts = changedParts(store, ids);
    extensions += parts.length;
    extendedBy += ids.size;
    return persistence.extendCopy(position, parts);
  };

  const save = async (): Promise<void> => {
    const { cursor } = feed;
    const currentAt = input.currentAt();
    if (isSaving || !isKept || cursor === null || currentAt === null) return;
    isSaving = true;
    let hasFailed = false;
    try {
      const unreadable = Array.from(store.unreadable, ([id, version]) => ({ id, version }));
      isKept = await write({ cursor, currentAt, ...(unreadable.length > 0 ? { unreadable } : {}) });
      failures = 0;
      input.onKept('kept');
    } catch (error) {
      hasFailed = true;
      isAnew = true;
      failures += 1;
      input.onKept(keptAfter(error));
      if (failures === 1) report(new Error('The local copy could not be saved.', { cause: error }));
    } finally {
      isSaving = false;
    }
    if (hasFailed) saveIn(TRY_AGAIN_MS);
    else if (isAnew || changed.size > 0) saveIn(SAVE_AFTER_MS);
  };

  return {
    applied(changes) {
      if (changes.length === 0) {
        isAnew = true;
        changed.clear();
      }
      for (const { change } of changes) changed.add(change.record);
      if (failures === 0 || timer === null) saveIn(failures === 0 ? SAVE_AFTER_MS : TRY_AGAIN_MS);
    },
    current() {
      if (timer === null) saveIn(TOUCH_EVERY_MS);
    },
    loaded(parts) {
      isAnew = false;
      changed.clear();
      extensions = Math.max(0, parts - Math.ceil(store.size / PART_RECORDS));
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      if (timer === null) return;
      runtime.clearTimeout(timer);
      timer = null;
      void save();
    },
    open() {
      isOpen = true;
    },
  };
}

/** Everything the store holds, read as the parts are asked for. */
function* allParts(store: RecordStore): Generator<CopyPart, undefined> {
  let records: CopyPart['records'][number][] = [];
  for (const record of store.values()) {
    records.push(toSyncedRecord(record));
    if (records.length < PART_RECORDS) continue;
    yield { records, removed: [] };
    records = [];
  }
  if (records.length > 0) yield { records, removed: [] };
}

function changedParts(store: RecordStore, ids: ReadonlySet<number>): CopyPart[] {
  const all = [...ids];
  const parts: CopyPart[] = [];
  for (let first = 0; first < all.length; first += PART_RECORDS) {
    const some = all.slice(first, first + PART_RECORDS);
    parts.push({
      records: some.flatMap((id) => store.get(id) ?? []).map(toSyncedRecord),
      removed: some.filter((id) => !store.get(id)),
    });
  }
  return parts;
}
