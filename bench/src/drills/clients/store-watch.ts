import type { AppliedChange } from '@meldesync/client';
import { differingFields, FIELDS } from '@meldesync/domain';

/** What a client's screen did that it must not do, counted in changes. */
export interface Anomalies {
  /** What was shown already was applied again. */
  readonly duplicated: number;
  /** A record went back to a version lower than one already shown. */
  readonly reordered: number;
}

/** Follows what one client shows, record by record, and notices what R1.1 forbids. */
export class StoreWatch {
  readonly #shown = new Map<number, number>();
  #versions = 0;
  #duplicated = 0;
  #reordered = 0;
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
    return { duplicated: this.#duplicated, reordered: this.#reordered };
  }

  /** The highest version of a record that was ever shown; 0 for one that was not. */
  version(record: number): number {
    return this.#shown.get(record) ?? 0;
  }

  /**
   * What the screen shows of a record has changed, from one state to another. Versions may be passed over: what was missed
   * comes merged (P34, P42), and whether it was all is seen in the end. While something is fetched a record may show newer
   * values under the version before (P43).
   */
  changed({ before, after }: Pick<AppliedChange, 'before' | 'after'>): void {
    // The drills delete nothing.
    if (!after) return;
    const shown = this.version(after.id);
    if (after.version < shown) this.#reordered += 1;
    else if (after.version > shown) this.#show(after.id, after.version);
    else if (before && differingFields(FIELDS, before, after).length === 0) this.#duplicated += 1;
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
