import { BLANK_CONTENT } from '@meldesync/domain';
import {
  addToChecksum,
  type Change,
  type ChangedFields,
  type Cursor,
  changeChecksum,
  comparePositions,
  type Frame,
  type FramePosition,
  formatCursor,
  ORIGIN,
  parseCursor,
  type Reset,
  recordChecksum,
  type SnapshotPage,
  type SyncedRecord,
} from '@meldesync/protocol';
import { segment } from './segments.ts';

/** What one transaction does to one record. */
export type Intent =
  | { readonly op: 'insert'; readonly caseId: string | null; readonly art: 'C' | 'G'; readonly day: number }
  | { readonly op: 'update'; readonly pick: number; readonly set: ChangedFields }
  | { readonly op: 'delete'; readonly pick: number };

/**
 * The rules of a workspace's feed as a model: what the records are, and the frames that say how they came to be so.
 * Commits are visible at once and published later, as with a relay that lags.
 */
export interface ReferenceFeed {
  readonly epoch: string;
  readonly records: ReadonlyMap<number, SyncedRecord>;
  /** A record as it was at a version. */
  version(record: number, version: number): SyncedRecord | undefined;
  /** Position of the last published frame. */
  readonly head: FramePosition;
  /** What the records added up to there. */
  readonly headSum: number;
  /** One transaction; `operation` as the client sent it. Returns the changes. */
  commit(intents: readonly Intent[], operation?: string): readonly Change[];
  /** Publishes at most so many of the committed frames, all when absent. */
  publish(count?: number): void;
  /** The published frames after a cursor, or why it cannot be continued. */
  after(cursor: Cursor): readonly Frame[] | Reset['reason'];
  /** Forgets all but the last published frames. */
  trim(keep: number): void;
  page(after: number, limit: number): SnapshotPage;
  /** Keeps the state for `restore`. */
  backUp(): void;
  /** Puts the database back to the backup: a new epoch, versions go down and ids are given again. */
  restore(): void;
}

/** An empty workspace. Long because its methods share what they close over; none of them is. */
export function createReferenceFeed(): ReferenceFeed {
  let records = new Map<number, SyncedRecord>();
  let backup = new Map<number, SyncedRecord>();
  const versions = new Map<string, SyncedRecord>();
  let epochs = 0;
  let epoch = '00000000';
  let nextId = 1;
  let lsn = 100;
  let last: FramePosition = ORIGIN;
  let committed: Frame[] = [];
  let published: Frame[] = [];
  let floor: FramePosition = ORIGIN;
  let head: FramePosition = ORIGIN;
  let sum = 0;
  let headSum = 0;

  const at = (): string => new Date(Date.UTC(2026, 0, 1) + lsn).toISOString().replace('Z', '000Z');

  const write = (record: SyncedRecord): void => {
    records.set(record.id, record);
    versions.set(`${record.id}:${record.version}`, record);
  };

  const changeFor = (intent: Intent, operation: string | undefined): Change | null => {
    const common = {
      by: operation ? 'user:a' : 'user:b',
      via: 'web' as const,
      at: at(),
      ...(operation ? { operation } : {}),
    };
    if (intent.op === 'insert') {
      const id = nextId++;
      const fields = {
        vorgangsnummer: id.toString(16).padStart(64, '0'),
        ibe: segment({ art: intent.art, day: intent.day }),
        ...BLANK_CONTENT,
        caseId: intent.caseId,
      };
      write({ id, version: 1, ...fields, updatedAt: common.at, updatedBy: common.by });
      return { record: id, version: 1, op: 'insert', set: fields, ...common };
    }
    const ids = [...records.keys()];
    const record = records.get(ids[intent.pick % Math.max(1, ids.length)] ?? 0);
    if (!record) return null;
    const version = record.version + 1;
    if (intent.op === 'delete') {
      records.delete(record.id);
      return { record: record.id, version, op: 'delete', set: {}, ...common };
    }
    const stamp = { version, updatedAt: common.at, updatedBy: common.by };
    write({ ...record, ...(intent.set as Partial<SyncedRecord>), ...stamp });
    return { record: record.id, version, op: 'update', set: intent.set, ...common };
  };

  return {
    get epoch() {
      return epoch;
    },
    get records() {
      return records;
    },
    version: (record, version) => versions.get(`${record}:${version}`),
    get head() {
      return head;
    },
    get headSum() {
      return headSum;
    },
    commit(intents, operation) {
      lsn += 10;
      const changes = intents.map((intent) => changeFor(intent, operation)).filter((change) => change !== null);
      if (changes.length > 0) {
        const id: FramePosition = `${lsn}-0`;
        sum = changes.reduce((total, change) => addToChecksum(total, changeChecksum(change)), sum);
        committed.push({ id, prev: last, changes, sum });
        last = id;
      }
      return changes;
    },
    publish(count = committed.length) {
      const frames = committed.splice(0, count);
      published.push(...frames);
      head = frames.at(-1)?.id ?? head;
      headSum = frames.at(-1)?.sum ?? headSum;
    },
    after(cursor) {
      const { epoch: theirs, position } = parseCursor(cursor);
      if (theirs !== epoch) return 'epoch';
      if (comparePositions(position, floor) < 0) return 'too-old';
      const isKnown = position === floor || published.some((frame) => frame.id === position);
      return isKnown ? published.filter((frame) => comparePositions(frame.id, position) > 0) : 'unknown';
    },
    trim(keep) {
      const gone = published.splice(0, Math.max(0, published.length - keep));
      floor = gone.at(-1)?.id ?? floor;
    },
    page(after, limit) {
      const rest = [...records.values()].filter((record) => record.id > after).sort((a, b) => a.id - b.id);
      const page = rest.slice(0, limit);
      const next = rest.length > limit ? (page.at(-1)?.id ?? null) : null;
      return { cursor: formatCursor(epoch, head), records: page, next, total: records.size };
    },
    backUp() {
      backup = new Map(records);
    },
    restore() {
      records = new Map(backup);
      nextId = Math.max(0, ...records.keys()) + 1;
      epochs += 1;
      epoch = epochs.toString(16).padStart(8, '0');
      lsn += 1000;
      floor = `${lsn}-0`;
      head = floor;
      last = floor;
      sum = 0;
      for (const { id, version } of records.values()) sum = addToChecksum(sum, recordChecksum(id, version));
      headSum = sum;
      committed = [];
      published = [];
    },
  };
}

/** The model's records as a store must show them, by id. */
export function expectedRecords(feed: ReferenceFeed): SyncedRecord[] {
  return sortById(feed.records.values());
}

/** Records without what the client adds to them, by id. */
export function bareRecords(records: Iterable<SyncedRecord & { readonly mb?: unknown }>): SyncedRecord[] {
  return sortById(Array.from(records, ({ mb: _mb, ...record }) => record));
}

function sortById(records: Iterable<SyncedRecord>): SyncedRecord[] {
  return [...records].sort((a, b) => a.id - b.id);
}
