import { comparePositions, type Frame } from '@meldesync/protocol';
import { WebSocket } from 'ws';
import type { Wire } from './wire.ts';

export interface ReceiverOptions {
  readonly wire: Wire;
  /** The connection broke, or something came that must not come. */
  readonly onFailure: (error: Error) => void;
  /** Position up to which the client has everything: the first frame must follow on it. */
  readonly after?: string | undefined;
  /** Hears of every frame. */
  readonly onFrame?: ((frame: Frame) => void) | undefined;
  /** It became ready, or frames came. */
  readonly onProgress?: (() => void) | undefined;
}

/** A client that reads every message and checks that frame follows on frame, and does no more. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #socket: WebSocket;
  readonly #heartbeat: NodeJS.Timeout | undefined;
  #ready = false;
  #head: string | undefined;
  #last: string | undefined;
  #frames = 0;
  #gaps = 0;
  #repeated = 0;
  #messages = 0;
  #bytes = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#last = options.after;
    const { wire, onFailure } = options;
    this.#socket = new WebSocket(wire.url, [...wire.protocols], { headers: wire.headers });
    const send = (text: string) => this.#socket.send(text);
    this.#socket.on('open', () => wire.opened(send));
    this.#socket.on('message', (data: Buffer) => this.#take(data, send));
    this.#socket.on('error', onFailure);
    this.#socket.on('close', (code) => onFailure(new Error(`a connection was closed with ${code}`)));
    const { heartbeat } = wire;
    if (heartbeat) this.#heartbeat = setInterval(() => this.#ready && send(heartbeat.text()), heartbeat.everyMs);
  }

  /** Whether frames follow from here on. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Up to where frames were missed when it became ready, if the system says so. */
  get head(): string | undefined {
    return this.#head;
  }

  /** The last frame that came, or where it began. */
  get position(): string | undefined {
    return this.#last;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Frames that did not name the one before them: something between was lost, or came in another order. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Frames that had come before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Messages that carried frames, and their size. */
  get messages(): { readonly count: number; readonly bytes: number } {
    return { count: this.#messages, bytes: this.#bytes };
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#socket.removeAllListeners('close');
    // Ending one that is not open yet is an error of its own.
    this.#socket.removeAllListeners('error');
    this.#socket.on('error', () => undefined);
    this.#socket.terminate();
  }

  #take(data: Buffer, send: (text: string) => void): void {
    const taken = this.#options.wire.take(data.toString(), send);
    if (taken === undefined) return;
    if ('ready' in taken) {
      this.#ready = true;
      this.#head = taken.head;
      this.#options.onProgress?.();
      return;
    }
    this.#messages += 1;
    this.#bytes += data.byteLength;
    for (const frame of taken.frames) {
      this.#follow(frame);
      this.#frames += 1;
      this.#options.onFrame?.(frame);
    }
    this.#options.onProgress?.();
  }

  #follow({ id, prev }: Frame): void {
    if (this.#last !== undefined && comparePositions(id, this.#last) <= 0) {
      this.#repeated += 1;
      return;
    }
    if (this.#last !== undefined && prev !== this.#last) this.#gaps += 1;
    this.#last = id;
  }
}
