import { type Change, type ChangedFields, comparePositions, type FramePosition } from '@meldesync/protocol';
import { changeRecord, isSame } from '../store/client-record.ts';
import type { WritableRecordStore } from '../store/record-store.ts';
import type { AppliedChange, ClientRecord } from '../types/records.ts';

/**
 * Changes that arrived while older ones are still being fetched (R3.5): they are ahead of the cursor.
 *
 * A change holds only the fields that it sets. So that an older change can be put in under a newer one, this keeps of each
 * record that has changes ahead what it was without them, and the changes. When an older one arrives, the record is made
 * again from both in the order of versions.
 *
 * Until then the store shows the newest values that are known, under the last version before which nothing is missing. An
 * edit based on that version is a conflict if the person has not seen a change (R2.1), and a copy that is kept of the store
 * can go on from the cursor.
 */
export interface Ahead {
  /** Shows a change before which others are missing. Null when it shows nothing new. */
  applyAhead(change: Change, at: FramePosition, own: boolean): AppliedChange | null;
  /** Shows a change before which none is missing. Null when it shows nothing new. */
  applyNext(change: Change, own: boolean): AppliedChange | null;
  /** Nothing up to `position` is missing any more. Returns what that shows. */
  settle(position: FramePosition): AppliedChange[];
  /** The store was replaced. */
  clear(): void;
}

interface AheadChange {
  readonly change: Change;
  readonly at: FramePosition;
  readonly own: boolean;
}

interface Entry {
  /** The record with every change up to its version; undefined while it is not there, or is deleted. */
  base: ClientRecord | undefined;
  /** Newer changes, in the order of their versions. */
  changes: AheadChange[];
}

/** Makes one for a store from which nothing is missing. */
export function createAhead(store: WritableRecordStore): Ahead {
  const entries = new Map<number, Entry>();

  /** Puts what an entry shows into the store. */
  const show = (id: number, entry: Entry, change: Change, own: boolean): AppliedChange | null => {
    const before = store.get(id);
    const after = shownOf(entry);
    if (before === after || (before && after && isSame(before, after))) return null;
    store.put(id, after);
    return { change, before, after, own };
  };

  return {
    applyAhead(change, at, own) {
      const entry = entries.get(change.record) ?? { base: store.get(change.record), changes: [] };
      const latest = entry.changes.at(-1)?.change.version ?? entry.base?.version ?? 0;
      if (change.version <= latest) return null;
      entries.set(change.record, entry);
      entry.changes.push({ change, at, own });
      return show(change.record, entry, change, own);
    },

    applyNext(change, own) {
      const entry = entries.get(change.record);
      if (!entry) return store.apply(change, own);
      if (change.version <= (entry.base?.version ?? 0)) return null;
      entry.base = fold(entry.base, change);
      const newer = entry.changes.filter((one) => one.change.version > change.version);
      entry.changes = newer;
      return show(change.record, entry, { ...change, set: withoutFieldsOf(change.set, newer) }, own);
    },

    settle(position) {
      const applied: AppliedChange[] = [];
      for (const [id, entry] of entries) {
        const last = foldWhile(entry, ({ at }) => comparePositions(at, position) <= 0);
        if (entry.changes.length === 0) entries.delete(id);
        // The values are shown already; the version may be higher now.
        if (!last || store.get(id)?.version === shownOf(entry)?.version) continue;
        const shown = show(id, entry, { ...last.change, set: {} }, last.own);
        if (shown) applied.push(shown);
      }
      return applied;
    },

    clear: () => entries.clear(),
  };
}

/** Moves the first changes of an entry into its base, up to one that is not settled; returns the last one moved. */
function foldWhile(entry: Entry, isSettled: (change: AheadChange) => boolean): AheadChange | undefined {
  const pending = entry.changes.findIndex((change) => !isSettled(change));
  const settled = entry.changes.splice(0, pending < 0 ? entry.changes.length : pending);
  for (const { change } of settled) entry.base = fold(entry.base, change);
  return settled.at(-1);
}

function fold(record: ClientRecord | undefined, change: Change): ClientRecord | undefined {
  return change.op === 'delete' ? undefined : (changeRecord(record, change) ?? undefined);
}

/** The newest values that are known, under the last version before which nothing is missing. */
function shownOf({ base, changes }: Entry): ClientRecord | undefined {
  let record = base;
  let complete = base?.version ?? 0;
  let isComplete = true;
  for (const { change } of changes) {
    record = fold(record, change);
    isComplete = change.op === 'insert' || (isComplete && change.version === complete + 1);
    if (isComplete) complete = change.version;
  }
  return record && record.version !== complete ? { ...record, version: complete } : record;
}

/** Those fields of a late change that no newer change has set. */
function withoutFieldsOf(set: ChangedFields, newer: readonly AheadChange[]): ChangedFields {
  const overwritten = new Set(newer.flatMap(({ change }) => Object.keys(change.set)));
  return Object.fromEntries(Object.entries(set).filter(([field]) => !overwritten.has(field)));
}
