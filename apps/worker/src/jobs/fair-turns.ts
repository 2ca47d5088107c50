import { setImmediate, setTimeout } from 'node:timers/promises';

/** Whose turn it is to work: an import takes one for each of its batches. */
export interface Turns {
  /**
   * Passes batches on, one a turn: the turn is taken before a batch is read and given back when the next one is asked for. A
   * source that is left early gives it back too.
   */
  each<T>(batches: AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /** For who has the turn and cannot use it: gives it to others for a while, and resolves with one of its own. */
  rest(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** How many may work at the same time, 0 for nobody, and how long whoever has worked pauses. */
export interface Pace {
  readonly atOnce: number;
  readonly pauseMs: number;
}

/**
 * Lets a few work at a time, in the order in which they asked. Who has worked asks again behind all who wait, so that a large
 * file and a small one beside it get a batch each, whoever came first.
 */
export class FairTurns implements Turns {
  readonly #waiting: (() => void)[] = [];
  #pace: Pace;
  #working = 0;

  /** @param atOnce how many work at the same time */
  constructor(atOnce: number) {
    this.#pace = { atOnce, pauseMs: 0 };
  }

  /** From now on this many work at the same time; who has a turn keeps it. */
  setPace(pace: Pace): void {
    this.#pace = pace;
    this.#letIn();
  }

  async *each<T>(batches: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const source = batches[Symbol.asyncIterator]();
    try {
      for (;;) {
        await this.#take();
        try {
          const next = await source.next();
          if (next.done) return;
          yield next.value;
          // Its place stays taken meanwhile: nobody else works either.
          if (this.#pace.pauseMs > 0) await setTimeout(this.#pace.pauseMs);
        } finally {
          this.#giveBack();
        }
        // Reading is mostly computing: whoever waits for an answer of Postgres or Redis hears of it before the next batch.
        await setImmediate();
      }
    } finally {
      await source.return?.();
    }
  }

  async rest(durationMs: number, signal: AbortSignal): Promise<void> {
    this.#giveBack();
    try {
      await setTimeout(durationMs, undefined, { signal });
    } catch (error) {
      // Whoever rests looks at the signal next.
      if (!signal.aborted) throw error;
    }
    await this.#take();
  }

  async #take(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#letIn();
    });
  }

  #giveBack(): void {
    this.#working -= 1;
    this.#letIn();
  }

  #letIn(): void {
    while (this.#working < this.#pace.atOnce) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#working += 1;
      next();
    }
  }
}
