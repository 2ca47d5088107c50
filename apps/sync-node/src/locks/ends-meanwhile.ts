import type { EndedLock } from '@meldesync/protocol';

/**
 * The locks that ended while this node waited for an answer about one. An answer and the news of what was done after it come
 * over two connections to Redis, and the news may come first: without this a lock that somebody has taken over or taken away
 * at another node would be held here for ever.
 */
export class EndsMeanwhile {
  #waiting = 0;
  readonly #ends = new Map<string, EndedLock>();

  /** Waits for an answer; `endOf` tells whether a lock in it is over already. It must be asked in the same tick. */
  async during<Answer, Result>(
    ask: () => Promise<Answer>,
    take: (answer: Answer, endOf: (lock: string) => EndedLock | undefined) => Result,
  ): Promise<Result> {
    this.#waiting++;
    try {
      return take(await ask(), (lock) => this.#ends.get(lock));
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#ends.clear();
    }
  }

  /** A lock is gone. */
  ended(end: EndedLock): void {
    if (this.#waiting > 0) this.#ends.set(end.lock, end);
  }

  /** A lock is there, also if it was gone. */
  written(lock: string): void {
    this.#ends.delete(lock);
  }
}
