const WINDOW_MS = 1_000;

/**
 * The machine's clock, the one Postgres stamps changes with, to some microseconds. `Date.now` has only whole
 * milliseconds, and the performance timer runs on by itself while the machine's clock is being corrected: so the
 * distance between the two is measured anew all the time. `Date.now() - performance.now()` is at most a millisecond
 * below the true distance and never above it, so the largest of many is the distance. Exact where the clock is read
 * often; up to a millisecond too early where it is not.
 */
export class WallClock {
  #windowEndsMs = 0;
  #before = Number.NEGATIVE_INFINITY;
  #current = Number.NEGATIVE_INFINITY;

  /** Epoch milliseconds. */
  now(): number {
    const timerMs = performance.now();
    const distance = Date.now() - timerMs;
    if (timerMs > this.#windowEndsMs) {
      this.#before = this.#current;
      this.#current = distance;
      this.#windowEndsMs = timerMs + WINDOW_MS;
    } else if (distance > this.#current) {
      this.#current = distance;
    }
    return Math.max(this.#before, this.#current) + timerMs;
  }
}
