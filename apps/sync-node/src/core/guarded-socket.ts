import type { ClientSocket } from './client-socket.ts';

/**
 * A client's socket that may be used at any time: once it is over it takes nothing more. A transport may not be touched then,
 * and whoever waited for an answer learns of the end a moment later.
 */
export class GuardedSocket implements ClientSocket {
  readonly #socket: ClientSocket;
  #isOver = false;
  #endCode: number | undefined;
  /** Those who wait for the buffer to become emptier. */
  #waiting: (() => void)[] = [];

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What this node ended it with; undefined while it has not. */
  get endCode(): number | undefined {
    return this.#endCode;
  }

  send(text: string): boolean {
    return !this.#isOver && this.#socket.send(text);
  }

  end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#endCode = code;
    this.over();
    this.#socket.end(code, reason);
  }

  bufferedBytes(): number {
    return this.#isOver ? 0 : this.#socket.bufferedBytes();
  }

  subscribe(topic: string): void {
    if (!this.#isOver) this.#socket.subscribe(topic);
  }

  unsubscribeAll(): void {
    if (!this.#isOver) this.#socket.unsubscribeAll();
  }

  /** Resolves when the buffer has become emptier, or the socket is over. */
  untilDrained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) resolve();
      else this.#waiting.push(resolve);
    });
  }

  /** The transport says that the buffer has become emptier. */
  drained(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** The transport says that the socket is over, or is about to be told so. */
  over(): void {
    this.#isOver = true;
    this.drained();
  }
}
