import type { NewNotice } from '@meldesync/db';

/** A notice that waits to be written, and when it happened, in monotonic milliseconds. */
export interface WaitingNotice {
  readonly notice: NewNotice;
  readonly at: number;
  readonly bytes: number;
}

/** The most that waits while nothing can be written: some minutes of a busy node. */
const MOST = { count: 20_000, bytes: 16 * 1024 * 1024 };

/** Notices on their way into the trail, in their order, bounded in number and size. */
export class WaitingNotices {
  readonly #most: typeof MOST;
  #waiting: WaitingNotice[] = [];
  #bytes = 0;

  constructor(most = MOST) {
    this.#most = most;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** False where there is no more room. */
  add(notice: NewNotice, at: number): boolean {
    const bytes = JSON.stringify(notice).length;
    if (this.#waiting.length >= this.#most.count || this.#bytes + bytes > this.#most.bytes) return false;
    this.#waiting.push({ notice, at, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** The first so many. */
  first(count: number): readonly WaitingNotice[] {
    return this.#waiting.slice(0, count);
  }

  /** They are dealt with. */
  drop(count: number): readonly WaitingNotice[] {
    const dropped = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (const { bytes } of dropped) this.#bytes -= bytes;
    return dropped;
  }
}
