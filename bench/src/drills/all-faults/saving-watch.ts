import { readMetric } from '../../measure/metrics.ts';
import { pause } from './repetition.ts';
import type { Stage } from './stage.ts';

const LOOK_EVERY_MS = 1_000;
/** Levels as the metric has them. */
const NORMAL = 0;
const MANUAL = 3;

/** Looks all the time at which level the nodes work (R5.4). At the level manual nobody gets changes, and every screen says so. */
export class SavingWatch implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #level = NORMAL;
  #leftByHandMs = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#running = this.#look();
  }

  /** Nobody saves work. */
  get isNormal(): boolean {
    return this.#level === NORMAL;
  }

  /** Some node works at the level manual. */
  get isByHand(): boolean {
    return this.#level >= MANUAL;
  }

  /** When one was seen to do so last, by `performance.now()`; 0 for never. */
  get leftByHandMs(): number {
    return this.#leftByHandMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #look(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const levels = await Promise.all(this.#stage.nodes.map(({ adminUrl }) => levelAt(adminUrl)));
      // Of a node that says nothing nothing is known.
      const known = levels.filter((level) => level !== undefined);
      if (known.length > 0) {
        this.#level = Math.max(...known);
        if (this.isByHand) this.#leftByHandMs = performance.now();
      }
      await pause(LOOK_EVERY_MS, this.#ending.signal);
    }
  }
}

/** Undefined where the node says nothing: it may be broken on purpose. */
async function levelAt(adminUrl: string): Promise<number | undefined> {
  try {
    return await readMetric(adminUrl, 'meldesync_degradation_level');
  } catch {
    return undefined;
  }
}
