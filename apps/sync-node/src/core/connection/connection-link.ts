import type { Origin } from '@meldesync/db';
import {
  CLOSE_CODES,
  type CloseCode,
  type DownMessage,
  type ErrorCode,
  freesLocks,
  type Ping,
  type TierMs,
} from '@meldesync/protocol';
import { type Closed, howClosed } from '../closed-by.ts';
import type { GuardedSocket } from '../guarded-socket.ts';
import type { Identity } from '../identity.ts';
import { Answers } from './answers.ts';
import type { ConnectionContext } from './connection-context.ts';
import {
  type ConnectionMode,
  type ConnectionQuality,
  type LoggedConnection,
  logClosed,
  type Returning,
} from './connection-log.ts';
import { CLOSED, type ConnectionState, NEW } from './connection-state.ts';

/** What a refusal answers. */
export interface Refused {
  readonly operation?: string;
  readonly request?: string;
}

/** Who a connection is of, and the network address that it comes from. */
export interface KnownVisitor {
  readonly identity: Identity;
  readonly address: string | null;
}

/** What every part of a connection works with: who it is, where it stands, and the way to its client. */
export class ConnectionLink implements LoggedConnection {
  readonly id: string;
  readonly identity: Identity;
  readonly origin: Origin;
  readonly context: ConnectionContext;
  /** When the session ends that it was opened with, in epoch milliseconds. */
  expiresAt: number;
  /** Its client has said that it went wrong. */
  hasDiverged = false;
  returning: Returning | undefined;
  tierMs: TierMs = 0;
  mode: ConnectionMode = 'live';
  readonly openedAt: number;
  /** The workspace that it needs; undefined before it has said hello. */
  #needed: string | undefined;
  #quality: ConnectionQuality = { bufferedBytes: 0, roundTripMs: 0, applyLagMs: 0 };
  readonly #socket: GuardedSocket;
  readonly #answers: Answers;
  #state: ConnectionState = NEW;

  constructor({ identity, address }: KnownVisitor, socket: GuardedSocket, context: ConnectionContext) {
    this.id = context.runtime.randomId();
    this.identity = identity;
    this.origin = { sessionId: identity.sessionId, address };
    this.expiresAt = identity.expiresAt;
    this.context = context;
    this.openedAt = context.runtime.monotonicMs();
    this.#socket = socket;
    this.#answers = new Answers(socket, context.runtime, () => this.close(CLOSE_CODES.slow, 'too slow'));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Applies a transition; the state after it. */
  change(transition: (state: ConnectionState) => ConnectionState): ConnectionState {
    this.#state = transition(this.#state);
    return this.#state;
  }

  /** Sends a message to this client alone, after those before it, as soon as there is room. */
  send(message: DownMessage): void {
    this.#answers.send(JSON.stringify(message));
  }

  /** Sends a part of the feed, unless there is no room: then the client goes on from its cursor later. */
  push(text: string): void {
    this.#socket.send(text);
  }

  refuse(code: ErrorCode, to: Refused = {}): void {
    this.send({ type: 'error', code, ...to });
  }

  /** What the client said last of its round trip and of how long it takes to apply changes. */
  reported({ roundTripMs = 0, applyLagMs = 0 }: Pick<Ping, 'roundTripMs' | 'applyLagMs'>): void {
    this.#quality = { ...this.#quality, roundTripMs, applyLagMs };
  }

  get quality(): ConnectionQuality {
    const { bufferedBytes } = this.#socket.isOver ? this.#quality : { bufferedBytes: this.#socket.bufferedBytes() };
    this.#quality = { ...this.#quality, bufferedBytes };
    return this.#quality;
  }

  /** Resolves when the client has read what lies in its buffer. */
  allRead(): Promise<void> {
    return this.#answers.allRead();
  }

  /** `tierMs` null: all but changes. */
  follow(workspace: string, tierMs: TierMs | null): void {
    this.context.audience.follow(this.#socket, workspace, tierMs);
  }

  /** What this node has of a workspace is needed until the connection is over. */
  need(workspace: string): void {
    if (this.#state.name === 'closed') return;
    this.#needed = workspace;
    this.context.here.enter(workspace);
  }

  unfollow(): void {
    this.context.audience.unfollow(this.#socket);
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state.name === 'closed') return;
    this.#over({ code, by: 'node' });
    this.#socket.end(code, reason);
  }

  /** The transport says that the connection is over, or was about to be: what it had goes. */
  closed(code: number): void {
    if (this.#state.name !== 'closed') this.#over(howClosed(this.#socket, code));
  }

  #over(closed: Closed): void {
    const state = this.#state;
    const { code } = closed;
    logClosed(this, state, closed);
    this.#state = CLOSED;
    this.#answers[Symbol.dispose]();
    if (this.#needed !== undefined) this.context.here.leave(this.#needed);
    if (state.name !== 'welcomed') return;
    this.context.locks.closed(this.id, freesLocks(code));
    this.context.presence.leave(state.workspace, this.id);
  }
}
