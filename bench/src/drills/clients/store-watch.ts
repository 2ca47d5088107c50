import type { Change } from '@meldesync/protocol';

/** What a client's screen did that it must not do, counted in changes. */
export interface Anomalies {
  /** A version that was shown already was applied again. */
  readonly duplicated: number;
  /** A record went back to a version lower than one already shown. */
  readonly reordered: number;
  /** A version was passed over, and no snapshot explains it. */
  readonly skipped: number;
}

/** Follows what one client shows, record by record, and notices what R1.1 forbids. */
export class StoreWatch {
  readonly #shown = new Map<number, number>();
  #versions = 0;
  #duplicated = 0;
  #reordered = 0;
  #skipped = 0;
  #snapshots = 0;

  /** Sum of the versions of all records: it goes up by one with each change. */
  get versions(): number {
    return this.#versions;
  }

  /** Snapshots that took the place of what was shown; the first one is none. */
  get snapshots(): number {
    return Math.max(0, this.#snapshots - 1);
  }

  get anomalies(): Anomalies {
    return { duplicated: this.#duplicated, reordered: this.#reordered, skipped: this.#skipped };
  }

  /** The highest version of a record that was ever shown; 0 for one that was not. */
  version(record: number): number {
    return this.#shown.get(record) ?? 0;
  }

  /**
   * A change was applied. One that sets nothing only says that nothing before this version is missing any more (P43): its
   * values were shown before, and are not applied again.
   */
  changed({ record, version, op, set }: Pick<Change, 'record' | 'version' | 'op' | 'set'>): void {
    if (op === 'update' && Object.keys(set).length === 0) return;
    const shown = this.version(record);
    if (version === shown) this.#duplicated += 1;
    else if (version < shown) this.#reordered += 1;
    else {
      this.#skipped += version - shown - 1;
      this.#show(record, version);
    }
  }

  /** The store holds a snapshot: versions may be passed over, but none may be lower than before. */
  replaced(records: Iterable<{ readonly id: number; readonly version: number }>): void {
    this.#snapshots += 1;
    for (const { id, version } of records) {
      if (version < this.version(id)) this.#reordered += 1;
      else this.#show(id, version);
    }
  }

  #show(record: number, version: number): void {
    this.#versions += version - this.version(record);
    this.#shown.set(record, version);
  }
}
