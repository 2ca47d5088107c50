import type { Scheduler, SimProcess } from './scheduler.ts';

/** One direction of a connection: everything arrives late, nothing overtakes what was sent before. */
export class Line {
  readonly #scheduler: Scheduler;
  readonly #delayMs: () => number;
  #lastAt = 0;

  constructor(scheduler: Scheduler, delayMs: () => number) {
    this.#scheduler = scheduler;
    this.#delayMs = delayMs;
  }

  /** Lets something arrive at a process, `extraMs` later than usual. */
  carry(process: SimProcess, extraMs: number, arrive: () => void): void {
    this.#lastAt = Math.max(this.#lastAt, this.#scheduler.now + extraMs + this.#delayMs());
    // At the very time: one made anew from a delay is rounded, and the next message may come to lie before this one.
    this.#scheduler.at(this.#lastAt, process, arrive);
  }
}
