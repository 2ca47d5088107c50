import { createLatencyWindow, type LatencyWindow } from './latency-window.ts';

/** What a process has done since its start: it counts, and others look at the differences. */
export interface ActivityCounts {
  /** Changes that clients have applied, from their commit on; of those who get them at once. */
  readonly delivered: number[];
  /** Edits that did not fail, from their arrival to their answer. */
  readonly answered: number[];
  readonly edits: number;
  /** Frames times the clients they went to. */
  readonly deliveries: number;
  /** Edits that failed for no fault of who sent them. */
  readonly errors: number;
}

/** Counts what a node does. */
export class Activity {
  readonly #delivered: LatencyWindow = createLatencyWindow();
  readonly #answered: LatencyWindow = createLatencyWindow();
  #edits = 0;
  #deliveries = 0;
  #errors = 0;

  /**
   * A client says that it has applied a change, so many seconds after its commit. Who gets changes further apart counts for nothing: it
   * waits on purpose, and a level that makes clients wait would keep itself up.
   */
  delivered(tierMs: number, seconds: number): void {
    if (tierMs === 0) this.#delivered.record(seconds);
  }

  /** An edit was answered, so many seconds after it came. How long one took that failed is a limit's doing, and says nothing of the others. */
  edited(seconds: number, isFailed: boolean): void {
    this.#edits += 1;
    if (isFailed) this.#errors += 1;
    else this.#answered.record(seconds);
  }

  /** Frames went to so many clients. */
  published(deliveries: number): void {
    this.#deliveries += deliveries;
  }

  counts(): ActivityCounts {
    return {
      delivered: this.#delivered.snapshot(),
      answered: this.#answered.snapshot(),
      edits: this.#edits,
      deliveries: this.#deliveries,
      errors: this.#errors,
    };
  }
}
