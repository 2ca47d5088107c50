/**
 * How an iteration ended: by itself, by an error of the script, or because its time was up.
 */
export type Outcome = 'completed' | 'failed' | 'interrupted';

/**
 * One iteration of a VU, and all that it keeps open: timers, requests, sockets. It is over when its function has ended and nothing is
 * open any more, as an iteration of k6 is over when its event loop is empty; or when the script throws or time is up, and then what is
 * open is ended without the script hearing of it.
 */
export class Iteration {
  readonly #open = new Set<() => void>();
  readonly #ended: Promise<Outcome>;
  #settle: (outcome: Outcome) => void = () => {};
  readonly #onError: (error: unknown) => void;
  #hasReturned = false;
  #isOver = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs the iteration's function. */
  run(body: () => unknown): Promise<Outcome> {
    void this.#await(body);
    return this.#ended;
  }

  async #await(body: () => unknown): Promise<void> {
    try {
      await body();
      this.#hasReturned = true;
      this.#endIfIdle();
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Keeps the iteration from ending until the returned function is called.
   * @param end ends what is kept open, should the iteration be over before
   */
  hold(end: () => void): () => void {
    this.#open.add(end);
    return () => {
      this.#open.delete(end);
      // What awaits it runs first, and may open something else.
      if (this.#hasReturned && this.#open.size === 0) setImmediate(() => this.#endIfIdle());
    };
  }

  /** Calls back into the script, unless it is over. */
  call(callback: () => unknown): void {
    if (this.#isOver) return;
    void this.#call(callback);
  }

  async #call(callback: () => unknown): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#onError(error);
    this.#end('failed');
  }

  interrupt(): void {
    this.#end('interrupted');
  }

  #endIfIdle(): void {
    if (this.#hasReturned && this.#open.size === 0) this.#end('completed');
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const end of this.#open) end();
    this.#open.clear();
    this.#settle(outcome);
  }
}
