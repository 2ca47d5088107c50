import type { SyncClient } from '@meldesync/client';
import { SyncError } from '@meldesync/client';
import { LatencyHistogram } from '../../measure/latency-histogram.ts';
import { pace } from '../../pace.ts';

/** What became of the edits of one process. */
export interface EditCounts {
  readonly made: number;
  readonly accepted: number;
  /** Told that someone was first; nobody else edits the records, so nobody can have been. */
  readonly conflicts: number;
  /** Refused as a whole: the server could not carry them out. */
  readonly refused: number;
}

export interface EditingOptions {
  readonly clients: readonly SyncClient[];
  /** Records that nobody else edits. */
  readonly records: readonly number[];
  readonly perSecond: number;
  /** Characters of each note. */
  readonly noteLength: number;
}

/**
 * Clients that take turns in editing by the clock, whatever becomes of the edits before: a person does not wait for the
 * network either. A record whose last edit is not answered yet is left alone.
 */
export class Editing {
  readonly #options: EditingOptions;
  readonly #ending = new AbortController();
  readonly #busy = new Set<number>();
  readonly #running: Promise<void>;
  #counts = { made: 0, accepted: 0, conflicts: 0, refused: 0 };
  #latencies = new LatencyHistogram();
  #next = 0;

  constructor(options: EditingOptions) {
    this.#options = options;
    const { perSecond } = options;
    const signal = this.#ending.signal;
    this.#running = pace({ perSecond, count: Number.POSITIVE_INFINITY, signal, place: Math.random }, (index) =>
      this.#edit(index),
    ).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  get counts(): EditCounts {
    return this.#counts;
  }

  /** Edits that are not answered yet. */
  get unanswered(): number {
    return this.#busy.size;
  }

  /**
   * From each edit to its effect on the editor's own confirmed store: a `LatencyHistogram` of those answered since this
   * was asked last.
   */
  takeLatencies(): string {
    const encoded = this.#latencies.encode();
    this.#latencies = new LatencyHistogram();
    return encoded;
  }

  /** Makes no more edits. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  #edit(index: number): void {
    const { clients, noteLength } = this.#options;
    const client = clients[index % clients.length];
    const record = this.#idleRecord();
    const baseVersion = record === undefined ? undefined : client?.store.get(record)?.version;
    if (!client || record === undefined || baseVersion === undefined) return;
    this.#busy.add(record);
    this.#counts.made += 1;
    const startedMs = performance.now();
    const note = `Rückfrage ${index} `.padEnd(noteLength, 'an die Klinik, Antwort steht aus; ');
    client.edit([{ record, baseVersion, set: { note } }]).then(
      ([outcome]) => {
        this.#busy.delete(record);
        if (outcome?.outcome === 'accepted') {
          this.#counts.accepted += 1;
          this.#latencies.record(performance.now() - startedMs);
        } else this.#counts.conflicts += 1;
      },
      (error: unknown) => {
        this.#busy.delete(record);
        if (!(error instanceof SyncError)) throw error;
        this.#counts.refused += 1;
      },
    );
  }

  /** The next record in turn that waits for nothing; undefined when all do. */
  #idleRecord(): number | undefined {
    const { records } = this.#options;
    for (let tried = 0; tried < records.length; tried++) {
      const record = records[this.#next++ % records.length];
      if (record !== undefined && !this.#busy.has(record)) return record;
    }
    return undefined;
  }
}
