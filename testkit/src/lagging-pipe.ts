import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a bad line does to all that passes. */
export interface Lag {
  /** Everything takes so long, one way. */
  readonly delayMs: number;
  /** The share of pieces, 0 to 1, that get lost and are sent again: to the ends that is a pause, and all behind it waits too. */
  readonly lossShare: number;
  /** How long it takes until a lost piece is sent again. */
  readonly resendMs: number;
}

/** One direction of a line that takes its time; nothing overtakes anything. */
export class LaggingPipe {
  readonly #to: Socket;
  #tail: Promise<void> | undefined;
  #dueMs = 0;

  constructor(to: Socket) {
    this.#to = to;
  }

  /** Sends a piece on; at once when there is no lag and nothing before it is on its way. */
  send(data: Buffer, lag: Lag | null): void {
    if (!lag && !this.#tail) {
      this.#to.write(data);
      return;
    }
    const isLost = lag !== null && Math.random() < lag.lossShare;
    const takesMs = (lag?.delayMs ?? 0) + (isLost ? lag.resendMs : 0);
    this.#dueMs = Math.max(this.#dueMs, performance.now() + takesMs);
    this.#queue(this.#dueMs, () => void this.#to.write(data));
  }

  /** Ends the other side after all that is on its way. */
  end(): void {
    if (this.#tail) this.#queue(this.#dueMs, () => void this.#to.end());
    else this.#to.end();
  }

  #queue(dueMs: number, act: () => void): void {
    const tail = (this.#tail ?? Promise.resolve()).then(async () => {
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { ref: false });
      if (!this.#to.destroyed) act();
      if (this.#tail === tail) this.#tail = undefined;
    });
    this.#tail = tail;
  }
}
