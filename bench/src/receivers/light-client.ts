import { BACKOFF, comparePositions, formatCursor, parseCursor } from '@meldesync/protocol';
import { meldesyncWire } from './meldesync-wire.ts';
import { Receiver } from './receiver.ts';
import type { Target } from './wire.ts';

/**
 * A client without a store, which costs so little that thousands of them are not what is measured. It says hello,
 * subscribes from where it stands, checks that frame follows on frame, and comes back when its connection is gone.
 */
export class LightClient {
  readonly #target: Extract<Target, { system: 'meldesync' }>;
  readonly #epoch: string;
  #position: string;
  #receiver: Receiver | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;
  #gaps = 0;
  #repeated = 0;
  #connections = 0;
  #currentAtMs: number | undefined;

  constructor(target: Extract<Target, { system: 'meldesync' }>) {
    this.#target = target;
    const { epoch, position } = parseCursor(target.cursor);
    this.#epoch = epoch;
    this.#position = position;
    this.#connect();
  }

  /** Since when it is live and has all that there was when it subscribed, in epoch milliseconds; undefined while not. */
  get currentAtMs(): number | undefined {
    return this.#currentAtMs;
  }

  get position(): string {
    return this.#receiver?.position ?? this.#position;
  }

  /** Frames that did not follow on the one before, over all connections. */
  get gaps(): number {
    return this.#gaps + (this.#receiver?.gaps ?? 0);
  }

  /** Frames that had come before, and were left out. */
  get repeated(): number {
    return this.#repeated + (this.#receiver?.repeated ?? 0);
  }

  /** Connections it has made. */
  get connections(): number {
    return this.#connections;
  }

  /** Ends the connection for good. */
  close(): void {
    clearTimeout(this.#timer);
    this.#letGo();
  }

  #connect(): void {
    this.#connections += 1;
    const receiver = new Receiver({
      wire: meldesyncWire({ ...this.#target, cursor: formatCursor(this.#epoch, this.#position) }),
      after: this.#position,
      onFailure: () => this.#lose(receiver),
      onProgress: () => this.#progress(receiver),
    });
    this.#receiver = receiver;
  }

  #progress(receiver: Receiver): void {
    if (this.#currentAtMs !== undefined || receiver.head === undefined) return;
    if (comparePositions(this.position, receiver.head) < 0) return;
    this.#currentAtMs = Date.now();
    this.#attempt = 0;
  }

  #lose(receiver: Receiver): void {
    if (receiver !== this.#receiver) return;
    this.#letGo();
    this.#attempt += 1;
    const { minMs, firstMaxMs, maxMs } = BACKOFF.usual;
    const ceiling = Math.min(maxMs, firstMaxMs * 2 ** (this.#attempt - 1));
    const delayMs = minMs + Math.random() * (ceiling - minMs);
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  #letGo(): void {
    const receiver = this.#receiver;
    if (!receiver) return;
    this.#position = receiver.position ?? this.#position;
    this.#gaps += receiver.gaps;
    this.#repeated += receiver.repeated;
    this.#receiver = undefined;
    this.#currentAtMs = undefined;
    receiver.close();
  }
}
