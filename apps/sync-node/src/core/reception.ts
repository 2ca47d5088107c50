import { withTimeout } from '@meldesync/lifecycle';
import {
  CLOSE_CODES,
  type CloseCode,
  type DownMessage,
  drainReason,
  type ErrorCode,
  MAX_UP_MESSAGE_BYTES,
} from '@meldesync/protocol';
import type { ClientSocket, SocketEvents } from './client-socket.ts';
import { howClosed } from './closed-by.ts';
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
  | {
      readonly isAdmitted: true;
      readonly identity: Identity;
      /** The network address that it comes from, where the transport says it. */
      readonly address?: string | null;
    }
  | {
      readonly isAdmitted: false;
      readonly code: CloseCode;
      readonly reason: string;
      /** What a person is told, where the close code means several things. */
      readonly error?: ErrorCode;
    };

/** Who has too many connections is to come back after so long, or up to twice as long: until one of them is over it is no use. */
const CROWDED_MS = 20_000;
const REFUSAL_MS = 1_000;

/** Postgres did not say in time whose it is. */
const LATE: Admission = { isAdmitted: false, code: CLOSE_CODES.internal, reason: 'not ready' };

/** What is counted of sockets. */
export interface ReceptionObserver {
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
    const visitor = new Visitor(socket, this);
    if (this.#isDraining) {
      this.#sendAway(socket);
    } else {
      this.#arriving.add(socket);
      const admitted = withTimeout(admit(), GREETING_LIMIT_MS, () => LATE, this.#context.runtime).then((admission) =>
        visitor.admitted(this.#begin(socket, admission)),
      );
      this.watch(socket, admitted);
    }
    return visitor;
  }

  get observer(): ReceptionObserver {
    return this.#observer;
  }

  /** Runs something once the transport has ended what it does, where no socket may be touched. */
  soon(run: () => void): void {
    this.#context.runtime.soon(run);
  }

  /** The transport says that a socket is over; `connection` is what it had become. */
  left(socket: GuardedSocket, connection: Connection | undefined, code: number): void {
    this.#arriving.delete(socket);
    socket.over();
    if (connection) return this.#end(connection, code);
    const closed = howClosed(socket, code);
    this.#context.onClosed(closed);
    if (closed.by === 'node') this.#context.logger.event('connection-refused', { code: closed.code });
  }

  /** Sends everyone away, also those of whom it is not known yet who they are, and those who still come. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const socket of this.#arriving) this.#sendAway(socket);
    await this.#connections.drain();
  }

  /** Only its own connection suffers when something goes wrong in what it has started. */
  watch(socket: GuardedSocket, work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => {
      this.#context.logger.event('connection-failed', { err: error });
      socket.end(CLOSE_CODES.internal, 'internal error');
    });
  }

  #begin(socket: GuardedSocket, admission: Admission): Connection | undefined {
    if (socket.isOver) return undefined;
    this.#arriving.delete(socket);
    if (!admission.isAdmitted) {
      const { error } = admission;
      if (error !== undefined) socket.send(JSON.stringify({ type: 'error', code: error } satisfies DownMessage));
      socket.end(admission.code, admission.reason);
      return undefined;
    }
    const { identity, address = null } = admission;
    if (!this.#context.people.arrive(identity.userId)) {
      const { runtime } = this.#context;
      // Not at once: who takes no notice of it comes again at once.
      runtime.after(REFUSAL_MS, () =>
        socket.end(CLOSE_CODES.crowded, drainReason(CROWDED_MS * (1 + runtime.random()))),
      );
      return undefined;
    }
    const connection = new Connection({ identity, address }, socket, this.#context);
    this.#connections.add(connection);
    return connection;
  }

  #end(connection: Connection, code: number): void {
    connection.closed(code);
    this.#connections.delete(connection);
    this.#context.people.leave(connection.userId);
  }

  #sendAway(socket: GuardedSocket): void {
    socket.end(CLOSE_CODES.draining, drainReason(drawReturnMs(this.#context.runtime)));
  }
}

/**
 * A socket that came in, from its opening to its end: first one of whom nothing is known, then a connection. A class without
 * closures, since a node has many thousand.
 */
class Visitor implements SocketEvents {
  readonly #socket: GuardedSocket;
  readonly #reception: Reception;
  /** What came before it was known who it is; undefined from then on. */
  #early: string[] | undefined = [];
  #connection: Connection | undefined;

  constructor(socket: GuardedSocket, reception: Reception) {
    this.#socket = socket;
    this.#reception = reception;
  }

  /** It is known who it is; without a connection it may not stay. */
  admitted(connection: Connection | undefined): void {
    this.#connection = connection;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const text of early) this.#reception.watch(this.#socket, connection?.receive(text));
  }

  received({ bytes, isText }: { readonly bytes: number; readonly isText: boolean }, read: () => string): void {
    this.#reception.observer.onMessage();
    if (!isText) return this.#socket.end(CLOSE_CODES.badRequest, 'messages are text');
    if (bytes > MAX_UP_MESSAGE_BYTES) return this.#socket.end(MESSAGE_TOO_BIG, 'message too big');
    const text = read();
    if (!this.#early) this.#reception.watch(this.#socket, this.#connection?.receive(text));
    else if (!keepEarly(this.#early, text)) this.#socket.end(CLOSE_CODES.rateLimited, 'too much before hello');
  }

  drained(): void {
    this.#socket.drained();
  }

  dropped(): void {
    this.#reception.observer.onDropped();
    // The transport is in the middle of giving others their share, and no socket may be touched there.
    this.#reception.soon(() => this.#reception.watch(this.#socket, this.#connection?.leftUnread()));
  }

  closed(code: number): void {
    this.#reception.left(this.#socket, this.#connection, code);
  }
}

/** False when the text is more than is kept. */
function keepEarly(early: string[], text: string): boolean {
  early.push(text);
  return early.length <= MAX_EARLY_MESSAGES && early.reduce((sum, one) => sum + one.length, 0) <= MAX_EARLY_CHARACTERS;
}
