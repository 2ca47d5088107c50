import type { SyncSocket } from '@meldesync/client';
import type { Reset } from '@meldesync/protocol';
import type { FeedWatch } from './feed-watch.ts';
import { Line } from './line.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** The connection was cut, or could not be made (RFC 6455 §7.4.1). */
const CUT = 1006;

const UNKNOWN_CURSOR = JSON.stringify({ type: 'reset', reason: 'unknown' } satisfies Reset);
const FRESHNESS = '{"type":"freshness"';
const FOREIGN_EPOCH = JSON.stringify({ type: 'reset', reason: 'epoch' } satisfies Reset);

/** What a node does with a connection. */
export interface ServerSide {
  readonly process: SimProcess;
  received(text: string): void;
  /** Something that was queued is with the operating system. */
  drained(): void;
  closed(code: number): void;
}

export interface SimConnectionOptions {
  readonly scheduler: Scheduler;
  readonly client: SimProcess;
  /** One way, without what lies in front of it. */
  readonly latencyMs: () => number;
  /** What the way to the client carries. */
  readonly bytesPerMs: number;
  /** Hears of each message when it arrives; only while somebody reads along. */
  readonly onMessage: ((way: '→' | '←', text: string) => void) | undefined;
  /** Hears of the node's side: of each message when it has come there or is sent from there. */
  readonly watch: FeedWatch;
}

interface Queued {
  readonly bytes: number;
  readonly arrive: () => void;
}

/**
 * One WebSocket. It keeps order and loses nothing in the middle, as TCP does: what can happen is that it is slow, stands
 * still, breaks with or without a word, and takes along what was on its way.
 */
export class SimConnection {
  readonly socket: SyncSocket & { readyState: number };
  /** Bytes that the node has sent and the network not yet taken. */
  queuedBytes = 0;
  readonly #options: SimConnectionOptions;
  readonly #up: Line;
  readonly #down: Line;
  readonly #queue: Queued[] = [];
  #server: ServerSide | undefined;
  /** Called when the node says that it does not know the client's position; `isStale`: it has said that it hears nothing. */
  onUnknownCursor = (_isStale: boolean): void => {};
  /** Called when the node says that the client's epoch is none of its own. */
  onForeignEpoch = (): void => {};
  /** The node that accepted it. */
  nodeName = '';
  #isSending = false;
  #isStale = false;
  #stalledUntil = 0;
  /** Nothing passes any more, and nobody is told. */
  #isBroken = false;

  constructor(options: SimConnectionOptions) {
    this.#options = options;
    this.#up = new Line(options.scheduler, options.latencyMs);
    this.#down = new Line(options.scheduler, options.latencyMs);
    this.socket = {
      readyState: CONNECTING,
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => this.#sendUp(text),
      close: () => this.#closeByClient(),
    };
  }

  get client(): SimProcess {
    return this.#options.client;
  }

  get isOpen(): boolean {
    return this.#server !== undefined && !this.#isBroken && this.socket.readyState !== CLOSED;
  }

  get server(): ServerSide | undefined {
    return this.#server;
  }

  /** A node accepts the connection; the client hears of it on the way back. */
  accept(server: ServerSide): void {
    this.#server = server;
    this.nodeName = server.process.name;
    this.#down.carry(this.#options.client, 0, () => {
      if (this.#isBroken || this.socket.readyState !== CONNECTING) return;
      this.socket.readyState = OPEN;
      this.socket.onopen?.({});
    });
  }

  /** There is no node to accept it. */
  refuse(): void {
    this.#down.carry(this.#options.client, 0, () => this.#closeForClient(CUT, ''));
  }

  /** Queues a text for the client. */
  send(text: string): void {
    this.#options.watch.down(text);
    this.#enqueue(text.length, () => {
      if (this.socket.readyState !== OPEN) return;
      this.#options.onMessage?.('←', text);
      if (text.startsWith(FRESHNESS)) this.#isStale = !text.includes('null');
      if (text === UNKNOWN_CURSOR) this.onUnknownCursor(this.#isStale);
      if (text === FOREIGN_EPOCH) this.onForeignEpoch();
      this.socket.onmessage?.({ data: text });
    });
  }

  /** The node ends it; what is queued goes first. */
  closeByServer(code: number, reason: string): void {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#enqueue(0, () => this.#closeForClient(code, reason));
    server.closed(code);
  }

  /** Both ends hear that it broke. */
  cut(): void {
    this.breakSilently();
    this.#options.scheduler.after(this.#options.latencyMs(), this.#options.client, () => this.#closeForClient(CUT, ''));
    this.loseServer();
  }

  /** The node hears that it broke. */
  loseServer(): void {
    const server = this.#server;
    this.#server = undefined;
    if (server) this.#options.scheduler.after(this.#options.latencyMs(), server.process, () => server.closed(CUT));
  }

  /** Nothing arrives any more, in either direction. Nobody hears of that. */
  breakSilently(): void {
    this.#isBroken = true;
  }

  /** Nothing goes to the client for a while; it piles up. */
  stall(forMs: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#options.scheduler.now + forMs);
  }

  #sendUp(text: string): void {
    const server = this.#server;
    if (!server) return;
    this.#up.carry(server.process, 0, () => {
      if (this.#isBroken || this.#server !== server) return;
      this.#options.onMessage?.('→', text);
      this.#options.watch.up(text);
      server.received(text);
    });
  }

  #closeByClient(): void {
    if (this.socket.readyState === CLOSED) return;
    this.socket.readyState = CLOSED;
    const server = this.#server;
    if (!server || this.#isBroken) return;
    this.#up.carry(server.process, 0, () => {
      if (this.#isBroken || this.#server !== server) return;
      this.#server = undefined;
      server.closed(1000);
    });
  }

  #closeForClient(code: number, reason: string): void {
    if (this.socket.readyState === CLOSED) return;
    this.socket.readyState = CLOSED;
    this.socket.onclose?.({ code, reason });
  }

  #enqueue(bytes: number, arrive: () => void): void {
    this.queuedBytes += bytes;
    this.#queue.push({ bytes, arrive });
    if (!this.#isSending) this.#sendNext();
  }

  /** The network takes one message after the other. */
  #sendNext(): void {
    const { scheduler, bytesPerMs } = this.#options;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      this.#isSending = true;
      const waitMs = Math.max(0, this.#stalledUntil - scheduler.now) + next.bytes / bytesPerMs;
      // Most are not worth a turn of their own.
      if (waitMs >= 1) {
        scheduler.after(waitMs, this.#server?.process ?? scheduler.world, () => {
          if (this.#stalledUntil <= scheduler.now) this.#sent();
          this.#sendNext();
        });
        return;
      }
      this.#sent();
    }
    this.#isSending = false;
  }

  /** The first message is with the network. */
  #sent(): void {
    const sent = this.#queue.shift();
    if (!sent) return;
    this.queuedBytes -= sent.bytes;
    this.#down.carry(this.#options.client, 0, () => {
      if (!this.#isBroken) sent.arrive();
    });
    this.#server?.drained();
  }
}
