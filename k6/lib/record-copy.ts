import { addToSum, recordChecksum } from './checksum.ts';
import type { Change, Frame, FrameRange, WireRecord } from './messages.ts';
import { NumberTable } from './number-table.ts';
import { comparePositions, epochOf, positionOf } from './positions.ts';

/**
 * What became of a frame or a range: taken; left alone, since it is not after the position; not taken, since something before it is
 * missing (P9); or not taken, since it changes a record that could not be read (P12), which takes a snapshot.
 */
export type Taken = 'taken' | 'known' | 'gap' | 'unreadable';

interface Ahead {
  version: number;
  isDeleted: boolean;
  done: boolean | undefined;
}

/**
 * One person's copy of a workspace: of each record its version and whether it is done, in one small number, since hundreds of people
 * share a process. A copy that keeps no records follows the feed alone.
 */
export class RecordCopy {
  readonly #keepsRecords: boolean;
  /** As of the cursor: version · 2, and 1 where the record is done. */
  readonly #records = new NumberTable();
  readonly #unreadable = new Set<number>();
  /** What frames after a hole said of records (P41); folded in once there is no hole any more. */
  readonly #ahead = new Map<number, Ahead>();
  #epoch = '';
  #isWhole = false;
  #position = '0-0';
  #holes: FrameRange[] = [];
  #sum = 0;

  constructor(keepsRecords: boolean) {
    this.#keepsRecords = keepsRecords;
  }

  /** Empty where there is no whole copy. */
  get epoch(): string {
    return this.#isWhole ? this.#epoch : '';
  }

  get position(): string {
    return this.#position;
  }

  /** Where to go on from: the start of the oldest hole, if there is one (P41). */
  get cursor(): string {
    return `${this.#epoch}:${this.#holes[0]?.from ?? this.#position}`;
  }

  get oldestHole(): FrameRange | undefined {
    return this.#holes[0];
  }

  get sum(): number {
    return this.#sum;
  }

  get keepsRecords(): boolean {
    return this.#keepsRecords;
  }

  get size(): number {
    return this.#records.size;
  }

  ids(): number[] {
    return this.#records.ids();
  }

  /** 0 where there is no such record. */
  versionOf(record: number): number {
    return this.#records.get(record) >> 1;
  }

  isDone(record: number): boolean {
    const ahead = this.#ahead.get(record);
    return ahead?.done ?? (this.#records.get(record) & 1) === 1;
  }

  /** The records that a list filtered for what is open shows. */
  openRecords(): number[] {
    return this.ids().filter((id) => !this.isDone(id));
  }

  /** Begins anew, with the cursor of a snapshot's first page. Until `complete` there is nothing to go on from. */
  begin(cursor: string): void {
    this.#isWhole = false;
    this.#records.clear();
    this.#unreadable.clear();
    this.#ahead.clear();
    this.#holes = [];
    this.#sum = 0;
    this.#epoch = epochOf(cursor);
    this.#position = positionOf(cursor);
  }

  /** All pages of the snapshot have been put. */
  complete(): void {
    this.#isWhole = true;
  }

  /** A record of a snapshot. */
  put(record: WireRecord): void {
    this.#write(record.id, record.version, record.done);
  }

  /** A record of a snapshot that the node could not read: it counts in the checksum alone. */
  putUnreadable({ id, version }: { readonly id: number; readonly version: number }): void {
    this.#unreadable.add(id);
    this.#write(id, version, false);
  }

  /** Goes back to the cursor, for a `subscribe` brings everything after it, also what is known of after the holes. */
  rewind(): void {
    const [hole] = this.#holes;
    if (hole === undefined) return;
    this.#position = hole.from;
    this.#holes = [];
    this.#ahead.clear();
  }

  take(frame: Frame): Taken {
    const taken = this.#follow(frame.prev, frame.id);
    if (taken !== 'taken') return taken;
    if (this.#changesUnreadable(frame)) return 'unreadable';
    for (const change of frame.changes) {
      if (this.#holes.length === 0) this.#apply(change);
      else this.#noteAhead(change);
    }
    this.#position = frame.id;
    return 'taken';
  }

  takeRange({ from, to }: FrameRange): Taken {
    const taken = this.#follow(from, to);
    if (taken !== 'taken') return taken;
    // What it covers twice is known: the hole begins where this copy stands.
    this.#holes.push({ from: this.#position, to });
    this.#position = to;
    return 'taken';
  }

  /** A page that fills the oldest hole, and may reach past it (P42). */
  takePage(frame: Frame): Taken {
    if (this.#changesUnreadable(frame)) return 'unreadable';
    for (const change of frame.changes) {
      this.#apply(change);
      // What the page says too is over: a record that it deletes does not come back.
      const ahead = this.#ahead.get(change.record);
      if (ahead !== undefined && ahead.version <= change.version) this.#ahead.delete(change.record);
    }
    this.#holes = this.#holes.flatMap((hole) => {
      if (comparePositions(hole.to, frame.id) <= 0) return [];
      return [comparePositions(hole.from, frame.id) < 0 ? { from: frame.id, to: hole.to } : hole];
    });
    if (comparePositions(frame.id, this.#position) > 0) this.#position = frame.id;
    if (this.#holes.length === 0) this.#fold();
    return 'taken';
  }

  #follow(prev: string, id: string): Taken {
    if (comparePositions(id, this.#position) <= 0) return 'known';
    return comparePositions(prev, this.#position) > 0 ? 'gap' : 'taken';
  }

  #changesUnreadable(frame: Frame): boolean {
    return this.#unreadable.size > 0 && frame.changes.some(({ record }) => this.#unreadable.has(record));
  }

  /** P10: only over a lower version. */
  #apply(change: Change): void {
    if (!this.#keepsRecords || change.version <= this.versionOf(change.record)) return;
    if (change.op === 'delete') this.#remove(change.record);
    else this.#write(change.record, change.version, change.set.done ?? this.#wasDone(change.record));
  }

  #noteAhead(change: Change): void {
    if (!this.#keepsRecords) return;
    const known = this.#ahead.get(change.record);
    if (known !== undefined && known.version >= change.version) return;
    const done = change.set.done ?? known?.done;
    this.#ahead.set(change.record, { version: change.version, isDeleted: change.op === 'delete', done });
  }

  #fold(): void {
    for (const [record, { version, isDeleted, done }] of this.#ahead) {
      if (version <= this.versionOf(record)) continue;
      if (isDeleted) this.#remove(record);
      else this.#write(record, version, done ?? this.#wasDone(record));
    }
    this.#ahead.clear();
  }

  #wasDone(record: number): boolean {
    return (this.#records.get(record) & 1) === 1;
  }

  #write(record: number, version: number, isDone: boolean): void {
    this.#takeFromSum(record);
    this.#sum = addToSum(this.#sum, recordChecksum(record, version));
    this.#records.set(record, version * 2 + (isDone ? 1 : 0));
  }

  #remove(record: number): void {
    this.#takeFromSum(record);
    this.#records.delete(record);
  }

  #takeFromSum(record: number): void {
    const version = this.versionOf(record);
    if (version > 0) this.#sum = addToSum(this.#sum, -recordChecksum(record, version));
  }
}
