import type { Change, FramePosition, SyncedRecord } from '@meldesync/protocol';
import { comparePositions, ORIGIN } from '@meldesync/protocol';
import type { BuiltFrame } from '@meldesync/relay/logic';

/** A transaction in the log. */
export interface Commit {
  /** Decimal, as are all LSNs. */
  readonly endLsn: string;
  readonly txid: string;
  readonly at: number;
  readonly frames: readonly (BuiltFrame & { readonly changes: readonly Change[] })[];
  /** Each record that it changed, as it left it; undefined where it deleted it. */
  readonly after: ReadonlyMap<number, SyncedRecord | undefined>;
}

/** A version that a note was written with. */
export interface Noted {
  readonly record: number;
  readonly version: number;
}

/** Positions cross a power of ten: they are compared as decimal digits (P7). */
export const FIRST_LSN = 9_999_000;

/** The log of one timeline from its beginning, with what it comes to. */
export class SimLog {
  readonly timeline: number;
  readonly commits: Commit[] = [];
  /** The records as of the end. */
  readonly records = new Map<number, SyncedRecord>();
  /** The record versions that each note was written with. */
  readonly notes = new Map<string, Noted[]>();

  constructor(timeline: number) {
    this.timeline = timeline;
  }

  push(commit: Commit): void {
    this.commits.push(commit);
    for (const [id, record] of commit.after) {
      if (record) this.records.set(id, record);
      else this.records.delete(id);
    }
    for (const { changes } of commit.frames) {
      for (const { set, record, version } of changes) {
        if (set.note) this.notes.set(set.note, [...(this.notes.get(set.note) ?? []), { record, version }]);
      }
    }
  }

  /** The first so many commits, on a timeline of their own. */
  fork(count: number): SimLog {
    const forked = new SimLog(this.timeline + 1);
    for (const commit of this.commits.slice(0, count)) forked.push(commit);
    return forked;
  }

  /** Decimal LSN behind the last commit. */
  get endLsn(): string {
    return this.commits.at(-1)?.endLsn ?? String(FIRST_LSN - 1);
  }

  /** The last position of the commits that end at an LSN or before. */
  positionAt(lsn: string): FramePosition {
    const last = this.commits.findLast(({ endLsn }) => Number(endLsn) <= Number(lsn));
    return last?.frames.at(-1)?.id ?? ORIGIN;
  }
}

/** Whether a position comes later than another. */
export function isAfter(a: FramePosition, b: FramePosition): boolean {
  return comparePositions(a, b) > 0;
}
