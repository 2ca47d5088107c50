import {
  CLOSE_CODES,
  type CloseCode,
  type DownMessage,
  type ErrorCode,
  freesLocks,
  type TierMs,
} from '@meldesync/protocol';
import type { GuardedSocket } from '../guarded-socket.ts';
import type { Identity } from '../identity.ts';
import { Answers } from './answers.ts';
import type { ConnectionContext } from './connection-context.ts';
import { CLOSED, type ConnectionState, NEW } from './connection-state.ts';

/** What a refusal answers. */
export interface Refused {
  readonly operation?: string;
  readonly request?: string;
}

/** What every part of a connection works with: who it is, where it stands, and the way to its client. */
export class ConnectionLink {
  readonly id: string;
  readonly identity: Identity;
  readonly context: ConnectionContext;
  /** When the session ends that it was opened with, in epoch milliseconds. */
  expiresAt: number;
  /** Its client has said that it went wrong. */
  hasDiverged = false;
  readonly #socket: GuardedSocket;
  readonly #answers: Answers;
  #state: ConnectionState = NEW;

  constructor(identity: Identity, socket: GuardedSocket, context: ConnectionContext) {
    this.id = context.runtime.randomId();
    this.identity = identity;
    this.expiresAt = identity.expiresAt;
    this.context = context;
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

  bufferedBytes(): number {
    return this.#socket.bufferedBytes();
  }

  /** Resolves when the client has read what lies in its buffer. */
  allRead(): Promise<void> {
    return this.#answers.allRead();
  }

  /** `tierMs` null: all but changes. */
  follow(workspace: string, tierMs: TierMs | null): void {
    this.context.audience.follow(this.#socket, workspace, tierMs);
  }

  unfollow(): void {
    this.context.audience.unfollow(this.#socket);
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state.name === 'closed') return;
    this.closed(code);
    this.#socket.end(code, reason);
  }

  /** The connection is over, or is about to be: what it had goes. */
  closed(code: number): void {
    const state = this.#state;
    this.#state = CLOSED;
    this.#answers[Symbol.dispose]();
    if (state.name !== 'welcomed') return;
    this.context.locks.closed(this.id, freesLocks(code));
    this.context.presence.leave(state.workspace, this.id);
  }
}
