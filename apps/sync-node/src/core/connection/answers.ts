import type { NodeRuntime } from '../../runtime.ts';
import type { GuardedSocket } from '../guarded-socket.ts';

/** How many characters may wait beside the connection's buffer: one answer to a large edit may have half as many. */
const MAX_WAITING_CHARACTERS = 4 * 1024 * 1024;
/** How long a client may read nothing of what lies in its buffer before the connection is given up. */
const READ_LIMIT_MS = 30_000;

type Buffer = Pick<GuardedSocket, 'send' | 'bufferedBytes' | 'untilDrained'>;

/**
 * What is sent to one client alone, in its order. For what the buffer has no room it waits until the client has read, since
 * a client asks but once (P18).
 */
export class Answers implements Disposable {
  readonly #buffer: Buffer;
  readonly #runtime: Pick<NodeRuntime, 'after'>;
  readonly #onTooSlow: () => void;
  readonly #waiting: string[] = [];
  #waitingCharacters = 0;
  #isOver = false;

  /** `onTooSlow` ends the connection: the client does not read, or asks for more than it reads. */
  constructor(buffer: Buffer, runtime: Pick<NodeRuntime, 'after'>, onTooSlow: () => void) {
    this.#buffer = buffer;
    this.#runtime = runtime;
    this.#onTooSlow = onTooSlow;
  }

  /** Sends a text as soon as there is room; not at all once the connection is over. */
  send(text: string): void {
    if (this.#isOver || (this.#waiting.length === 0 && this.#buffer.send(text))) return;
    // One that is larger than the limit must be answered too, so what waits already is what counts.
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) return this.#onTooSlow();
    this.#waitingCharacters += text.length;
    this.#waiting.push(text);
    if (this.#waiting.length === 1) void this.#sendWaiting();
  }

  /** Resolves when the client has read what lies in its buffer, however slowly; it is given up when it stops reading. */
  async allRead(): Promise<void> {
    for (let left = this.#buffer.bufferedBytes(); left > 0; ) {
      const patience = this.#runtime.after(READ_LIMIT_MS, this.#onTooSlow);
      const before = left;
      while (left >= before && left > 0) {
        await this.#buffer.untilDrained();
        left = this.#buffer.bufferedBytes();
      }
      patience.cancel();
    }
  }

  /** The connection is over. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#waiting.length = 0;
  }

  async #sendWaiting(): Promise<void> {
    await this.allRead();
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#buffer.send(next)) {
        this.#waiting.shift();
        this.#waitingCharacters -= next.length;
      } else {
        // An empty buffer that takes nothing is that of a connection which is just ending.
        if (this.#buffer.bufferedBytes() === 0) return;
        await this.allRead();
      }
    }
  }
}
