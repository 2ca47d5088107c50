import { CLOSE_CODES } from '@meldesync/protocol';
import {
  type ClientSocket,
  IDLE_TIMEOUT_MS,
  MAX_UNREAD_BYTES,
  type NodeRuntime,
  type SocketEvents,
  type Topics,
} from '@meldesync/sync-node/logic';
import type { SimProcess } from './scheduler.ts';
import type { ServerSide, SimConnection } from './sim-connection.ts';

/** The connection was cut because the other side was silent (RFC 6455 §7.4.1). */
const CUT = 1006;

/** The sockets of a node by topic, as uWebSockets.js has them. */
export class SimTopics implements Topics {
  readonly sockets = new Set<SimSocket>();
  /** While a text is handed out, uWebSockets.js must not be asked for anything else. */
  isPublishing = false;

  publish(topic: string, text: string): void {
    this.isPublishing = true;
    for (const socket of this.sockets) if (socket.topics.has(topic)) socket.give(text);
    this.isPublishing = false;
  }

  count(topic: string): number {
    let count = 0;
    for (const socket of this.sockets) if (socket.topics.has(topic)) count += 1;
    return count;
  }
}

export interface SimSocketOptions {
  readonly connection: SimConnection;
  readonly topics: SimTopics;
  readonly process: SimProcess;
  readonly runtime: NodeRuntime;
  /** Each byte on the connection counts as so many. */
  readonly byteWeight: number;
  readonly onError: (what: string) => void;
  /** Whether the process still lives to send something. */
  readonly leave: (what: string) => boolean;
}

/**
 * A socket as uWebSockets.js gives it to a node: what finds no room in its buffer is dropped, and that is told; it may not be
 * touched once it is over, nor while a text is being published; a client that is silent for too long is cut.
 */
export class SimSocket implements ClientSocket, ServerSide {
  readonly topics = new Set<string>();
  readonly process: SimProcess;
  readonly #options: SimSocketOptions;
  #events: SocketEvents | undefined;
  #isOver = false;
  #heardAt: number;

  constructor(options: SimSocketOptions) {
    this.#options = options;
    this.process = options.process;
    this.#heardAt = options.runtime.monotonicMs();
  }

  /** Begins: `open` takes the socket and says who hears of it. */
  start(open: (socket: ClientSocket) => SocketEvents): void {
    const { connection, topics, runtime } = this.#options;
    topics.sockets.add(this);
    connection.accept(this);
    const idle = runtime.every(IDLE_TIMEOUT_MS / 4, () => {
      if (this.#isOver) idle.cancel();
      else this.#cutIfSilent();
    });
    this.#events = open(this);
  }

  /** Ends it without a word. */
  cut(): void {
    this.#options.connection.cut();
  }

  /** Its node is gone; with the whole machine nobody hears of that. */
  lose(isSilent: boolean): void {
    if (isSilent) this.#options.connection.breakSilently();
    else this.#options.connection.cut();
  }

  received(text: string): void {
    this.#heardAt = this.#options.runtime.monotonicMs();
    this.#events?.received({ bytes: text.length, isText: true }, () => text);
  }

  drained(): void {
    this.#events?.drained();
  }

  closed(code: number): void {
    this.#isOver = true;
    this.#options.topics.sockets.delete(this);
    this.#events?.closed(code);
  }

  send(text: string): boolean {
    this.#touch();
    return this.give(text);
  }

  /** Queues a text, or drops it and says so. */
  give(text: string): boolean {
    if (this.#buffered() > MAX_UNREAD_BYTES) {
      this.#events?.dropped();
      return false;
    }
    if (this.#options.leave('socket: send')) this.#options.connection.send(text);
    return true;
  }

  end(code: number, reason: string): void {
    this.#touch();
    if (code === CLOSE_CODES.slow && this.#buffered() === 0) {
      this.#options.onError('closed as too slow with nothing unread');
    }
    if (!this.#options.leave('socket: end')) return;
    // There is no room left to say why.
    this.#options.connection.closeByServer(this.#buffered() > MAX_UNREAD_BYTES ? CUT : code, reason);
  }

  bufferedBytes(): number {
    this.#touch();
    return this.#buffered();
  }

  subscribe(topic: string): void {
    this.#touch();
    this.topics.add(topic);
  }

  unsubscribeAll(): void {
    this.#touch();
    this.topics.clear();
  }

  #buffered(): number {
    return this.#options.connection.queuedBytes * this.#options.byteWeight;
  }

  #touch(): void {
    const { topics, onError } = this.#options;
    if (this.#isOver) onError('a socket was used after its end');
    if (topics.isPublishing) onError('a socket was used while something was published');
  }

  /** The client's system answers the transport's pings unless nothing reaches it. */
  #cutIfSilent(): void {
    const { connection, runtime } = this.#options;
    const now = runtime.monotonicMs();
    if (connection.isOpen && connection.client.pausedUntil <= now) this.#heardAt = now;
    if (now - this.#heardAt >= IDLE_TIMEOUT_MS) connection.cut();
  }
}
