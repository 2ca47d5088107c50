import type { Frame } from '@meldesync/protocol';
import { WebSocket } from 'ws';
import type { Wire } from './wire.ts';

export interface ReceiverOptions {
  readonly wire: Wire;
  /** The connection broke, or something came that must not come. */
  readonly onFailure: (error: Error) => void;
  /** Hears of every frame. */
  readonly onFrame?: ((frame: Frame) => void) | undefined;
}

/** A client that reads every message and checks that frame follows on frame, and does no more. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #socket: WebSocket;
  readonly #heartbeat: NodeJS.Timeout | undefined;
  #ready = false;
  #last: string | undefined;
  #frames = 0;
  #outOfOrder = 0;
  #messages = 0;
  #bytes = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
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

  get frames(): number {
    return this.#frames;
  }

  /** Frames that did not name the one before them: something between was lost, came twice or in another order. */
  get outOfOrder(): number {
    return this.#outOfOrder;
  }

  /** Messages that carried frames, and their size. */
  get messages(): { readonly count: number; readonly bytes: number } {
    return { count: this.#messages, bytes: this.#bytes };
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }

  #take(data: Buffer, send: (text: string) => void): void {
    const result = this.#options.wire.take(data.toString(), send);
    if (result === undefined) return;
    if (result === 'ready') {
      this.#ready = true;
      return;
    }
    this.#messages += 1;
    this.#bytes += data.byteLength;
    for (const frame of result) {
      if (this.#last !== undefined && frame.prev !== this.#last) this.#outOfOrder += 1;
      this.#last = frame.id;
      this.#frames += 1;
      this.#options.onFrame?.(frame);
    }
  }
}
