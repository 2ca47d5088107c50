import { addToChecksum, type Change, recordChecksum, type UnreadableRecord } from '@meldesync/protocol';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { AppliedChange, ClientRecord, RecordStore } from '../types/records.ts';
import { changeRecord } from './client-record.ts';

/** The store as the feed sees it: the readers' side, and the only ways to write. */
export interface WritableRecordStore extends RecordStore {
  /** Versions of the records of the latest snapshot that cannot be read, by id. Nothing of them is shown. */
  readonly unreadable: ReadonlyMap<number, number>;
  /** Sum over the records, also those that cannot be read, as the server has it (`recordChecksum` of the protocol). A preview is not in it. */
  readonly checksum: number;
  /** Applies a change over a lower version; null when it changed nothing. Readers hear of it with `announce`. */
  apply(change: Change, own: boolean): AppliedChange | null;
  /** Puts a record, or takes it out, whatever version is held. Readers hear of it with `announce`. */
  put(id: number, record: ClientRecord | undefined): void;
  /** Tells the readers what one batch changed; nothing when nothing did. */
  announce(changes: readonly AppliedChange[]): void;
  /** Shows records of a snapshot that is not complete, and tells the readers. */
  preview(records: Iterable<ClientRecord>): void;
  /**
   * Makes a snapshot the state and tells the readers; what it does not hold vanishes. `isComparable` says that versions
   * go on from those held: then a higher one stays. After a restore of the database they may have gone down.
   */
  replace(
    snapshot: ReadonlyMap<number, ClientRecord>,
    isComparable: boolean,
    unreadable: readonly UnreadableRecord[],
  ): void;
}

/** Makes an empty store. `report` hears of listeners that throw. */
export function createRecordStore(report: ReportError): WritableRecordStore {
  const records = new Map<number, ClientRecord>();
  let unreadable: ReadonlyMap<number, number> = new Map();
  let checksum = 0;
  const emitter = createEmitter<readonly AppliedChange[]>(report);

  return {
    get size() {
      return records.size;
    },
    get unreadable() {
      return unreadable;
    },
    get checksum() {
      return checksum;
    },
    get: (id) => records.get(id),
    values: () => records.values(),
    subscribe: (listener) => emitter.subscribe(listener),

    apply(change, own) {
      const before = records.get(change.record);
      if (before && change.version <= before.version) return null;
      if (change.op === 'delete') {
        records.delete(change.record);
        if (before) checksum = addToChecksum(checksum, -recordChecksum(before.id, before.version));
        return before ? { change, before, after: undefined, own } : null;
      }
      const after = changeRecord(before, change);
      if (!after) return null;
      records.set(after.id, after);
      const taken = before ? recordChecksum(before.id, before.version) : 0;
      checksum = addToChecksum(checksum, recordChecksum(after.id, after.version) - taken);
      return { change, before, after, own };
    },

    put(id, record) {
      const before = records.get(id);
      if (record) records.set(id, record);
      else records.delete(id);
      const added = record ? recordChecksum(id, record.version) : 0;
      checksum = addToChecksum(checksum, added - (before ? recordChecksum(id, before.version) : 0));
    },

    announce(changes) {
      if (changes.length > 0) emitter.emit(changes);
    },

    preview(shown) {
      for (const record of shown) records.set(record.id, record);
      emitter.emit([]);
    },

    replace(snapshot, isComparable, leftOut) {
      for (const id of records.keys()) if (!snapshot.has(id)) records.delete(id);
      for (const record of snapshot.values()) {
        const held = isComparable ? records.get(record.id) : undefined;
        if (!held || held.version <= record.version) records.set(record.id, record);
      }
      checksum = 0;
      unreadable = new Map(leftOut.map(({ id, version }) => [id, version]));
      for (const { id, version } of records.values()) checksum = addToChecksum(checksum, recordChecksum(id, version));
      for (const [id, version] of unreadable) checksum = addToChecksum(checksum, recordChecksum(id, version));
      emitter.emit([]);
    },
  };
}
