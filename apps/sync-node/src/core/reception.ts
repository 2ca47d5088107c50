import { withTimeout } from '@meldesync/lifecycle';
import { CLOSE_CODES, type CloseCode, drainReason, MAX_UP_MESSAGE_BYTES } from '@meldesync/protocol';
import type { ClientSocket, SocketEvents } from './client-socket.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectionContext } from './connection/connection-context.ts';
import type { Connections } from './connections.ts';
import { drawReturnMs } from './drain.ts';
import { GuardedSocket } from './guarded-socket.ts';
import type { Identity } from './identity.ts';
import { GREETING_LIMIT_MS, MAX_EARLY_CHARACTERS, MAX_EARLY_MESSAGES } from './limits.ts';

/** Message too big (RFC 6455 §7.4.1). */
const MESSAGE_TOO_BIG = 1009;

/** Whether a socket may stay, and for whom. */
export type Admission =
  | { readonly isAdmitted: true; readonly identity: Identity }
  | { readonly isAdmitted: false; readonly code: CloseCode; readonly reason: string };

/** Postgres did not say in time whose it is. */
const LATE: Admission = { isAdmitted: false, code: CLOSE_CODES.internal, reason: 'not ready' };

/** What is counted of sockets. */
export interface ReceptionObserver {
  /** A connection began, or one that had begun is over. */
  readonly onConnections: (change: 1 | -1) => void;
  readonly onMessage: () => void;
  /** Something was dropped for a client that left too much unread. */
  readonly onDropped: () => void;
}

/** Where sockets come in: each becomes a connection once it is known whose it is. */
export class Reception {
  readonly #connections: Connections;
  readonly #context: ConnectionContext;
  readonly #observer: ReceptionObserver;
  /** Those that are being admitted. */
  readonly #arriving = new Set<GuardedSocket>();
  #isDraining = false;

  constructor(connections: Connections, context: ConnectionContext, observer: ReceptionObserver) {
    this.#connections = connections;
    this.#context = context;
    this.#observer = observer;
  }

  /** Takes a socket in that has just opened; the transport tells what happens to it. `admit` never rejects. */
  open(transport: ClientSocket, admit: () => Promise<Admission>): SocketEvents {
    const socket = new GuardedSocket(transport);
    const early: string[] = [];
    let connection: Connection | undefined;
    if (this.#isDraining) {
      this.#sendAway(socket);
    } else {
      this.#arriving.add(socket);
      const admitted = withTimeout(admit(), GREETING_LIMIT_MS, () => LATE, this.#context.runtime).then((admission) => {
        connection = this.#begin(socket, admission);
        for (const text of early) this.#watch(socket, connection?.receive(text));
      });
      this.#watch(socket, admitted);
    }
    return {
      received: ({ bytes, isText }, read) => {
        this.#observer.onMessage();
        if (!isText) return socket.end(CLOSE_CODES.badRequest, 'messages are text');
        if (bytes > MAX_UP_MESSAGE_BYTES) return socket.end(MESSAGE_TOO_BIG, 'message too big');
        const text = read();
        if (connection) this.#watch(socket, connection.receive(text));
        else if (!keepEarly(early, text)) socket.end(CLOSE_CODES.rateLimited, 'too much before hello');
      },
      drained: () => socket.drained(),
      dropped: () => {
        this.#observer.onDropped();
        // The transport is in the middle of giving others their share, and no socket may be touched there.
        this.#context.runtime.soon(() => this.#watch(socket, connection?.leftUnread()));
      },
      closed: (code) => {
        this.#arriving.delete(socket);
        socket.over();
        if (connection) this.#end(connection, code);
      },
    };
  }

  /** Sends everyone away, also those of whom it is not known yet who they are, and those who still come. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const socket of this.#arriving) this.#sendAway(socket);
    await this.#connections.drain();
  }

  /** Only its own connection suffers when something goes wrong in what it has started. */
  #watch(socket: GuardedSocket, work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => {
      this.#context.logger.error({ err: error }, 'a connection failed');
      socket.end(CLOSE_CODES.internal, 'internal error');
    });
  }

  #begin(socket: GuardedSocket, admission: Admission): Connection | undefined {
    if (socket.isOver) return undefined;
    this.#arriving.delete(socket);
    if (!admission.isAdmitted) {
      socket.end(admission.code, admission.reason);
      return undefined;
    }
    const connection = new Connection(admission.identity, socket, this.#context);
    this.#connections.add(connection);
    this.#observer.onConnections(1);
    return connection;
  }

  #end(connection: Connection, code: number): void {
    connection.closed(code);
    this.#connections.delete(connection);
    this.#observer.onConnections(-1);
    this.#context.logger.debug({ connection: connection.id, code }, 'connection ended');
  }

  #sendAway(socket: GuardedSocket): void {
    socket.end(CLOSE_CODES.draining, drainReason(drawReturnMs(this.#context.runtime)));
  }
}

/** False when the text is more than is kept. */
function keepEarly(early: string[], text: string): boolean {
  early.push(text);
  return early.length <= MAX_EARLY_MESSAGES && early.reduce((sum, one) => sum + one.length, 0) <= MAX_EARLY_CHARACTERS;
}
