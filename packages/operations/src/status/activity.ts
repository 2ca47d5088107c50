import { createLatencyWindow, type LatencyWindow } from './latency-window.ts';
import { Several } from './several.ts';
import { Witnesses } from './witnesses.ts';

/** What a process has done since its start: it counts, and others look at the differences. */
export interface ActivityCounts {
  /** Changes that clients have applied, from their commit on; of those who get them at once. */
  readonly delivered: number[];
  /** Of these, what several people say: no later than others had theirs too. */
  readonly witnessed: number[];
  /** Edits that did not fail, from their arrival to their answer. */
  readonly answered: number[];
  /** Of these, how long several people waited: one who sends much waits for what they sent themselves. */
  readonly answeredToSeveral: number[];
  readonly edits: number;
  /** Frames times the clients they went to. */
  readonly deliveries: number;
  /** Edits that failed for no fault of who sent them. */
  readonly errors: number;
  /** Of these, those of several people: one whose edits alone fail is not everybody's overload. */
  readonly errorsOfSeveral: number;
}

/** Counts what a node does. */
export class Activity {
  readonly #delivered: LatencyWindow = createLatencyWindow();
  readonly #witnessed: LatencyWindow = createLatencyWindow();
  readonly #witnesses: Witnesses;
  readonly #answered: LatencyWindow = createLatencyWindow();
  readonly #answeredToSeveral: LatencyWindow = createLatencyWindow();
  readonly #waiting: Witnesses;
  readonly #failing: Several;
  #edits = 0;
  #deliveries = 0;
  #errors = 0;
  #errorsOfSeveral = 0;

  /** `now` in monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#witnesses = new Witnesses(now);
    this.#waiting = new Witnesses(now);
    this.#failing = new Several(now);
  }

  /**
   * The client of a person says that it has applied a change, so many seconds after its commit. Who gets changes further apart counts for nothing: it
   * waits on purpose, and a level that makes clients wait would keep itself up.
   */
  delivered(tierMs: number, seconds: number, person: string): void {
    if (tierMs !== 0) return;
    this.#delivered.record(seconds);
    const witnessed = this.#witnesses.witnessed(person, seconds);
    if (witnessed !== undefined) this.#witnessed.record(witnessed);
  }

  /** An edit was answered, so many seconds after it came. How long one took that failed is a limit's doing, and says nothing of the others. */
  edited(seconds: number, isFailed: boolean, person: string): void {
    this.#edits += 1;
    if (isFailed) {
      this.#errors += 1;
      this.#errorsOfSeveral += this.#failing.happened(person);
      return;
    }
    this.#answered.record(seconds);
    const waited = this.#waiting.witnessed(person, seconds);
    if (waited !== undefined) this.#answeredToSeveral.record(waited);
  }

  /** Frames went to so many clients. */
  published(deliveries: number): void {
    this.#deliveries += deliveries;
  }

  counts(): ActivityCounts {
    return {
      delivered: this.#delivered.snapshot(),
      witnessed: this.#witnessed.snapshot(),
      answered: this.#answered.snapshot(),
      answeredToSeveral: this.#answeredToSeveral.snapshot(),
      edits: this.#edits,
      deliveries: this.#deliveries,
      errors: this.#errors,
      errorsOfSeveral: this.#errorsOfSeveral,
    };
  }
}
