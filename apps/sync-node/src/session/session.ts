import { randomUUID } from 'node:crypto';
import { type Database, getSessionRole } from '@meldesync/db';
import {
  CLOSE_CODES,
  type CloseCode,
  type DownMessage,
  type Edit,
  type ErrorCode,
  type Hello,
  type Ping,
  type Subscribe,
  type UpMessage,
  upMessage,
} from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Identity } from '../auth/authenticate.ts';
import { performEdit } from '../edits/perform-edit.ts';
import { FeedNotReadyError, type Feeds } from '../feed/feeds.ts';
import { catchUp } from './catch-up.ts';
import { fullBudget, spend } from './message-budget.ts';
import type { SessionState, Welcomed } from './session-state.ts';

/** The connection below a session, as the transport provides it. */
export interface SessionTransport {
  /** Queues a text; false when the connection is over. */
  send(text: string): boolean;
  close(code: CloseCode, reason: string): void;
  /** Bytes queued and not yet with the operating system. */
  bufferedBytes(): number;
  /** Resolves when the queue has drained, or the connection is over. */
  drained(): Promise<void>;
  /** From now on the connection gets what is published for the workspace. */
  joinLive(workspace: string): void;
  leaveLive(workspace: string): void;
}

export interface SessionContext {
  readonly database: Database;
  readonly feeds: Feeds;
  readonly logger: Logger;
  readonly nodeName: string;
}

const HELLO_TIMEOUT_MS = 10_000;
const MAX_INVALID_MESSAGES = 5;

/**
 * One client's connection: who it is, what it may do, and where it stands in the feed. Edits are carried out one after
 * the other in the order they came, and each is checked against the person's role in its own transaction.
 */
export class Session {
  readonly id = randomUUID();
  readonly #identity: Identity;
  readonly #transport: SessionTransport;
  readonly #context: SessionContext;
  readonly #helloTimer: NodeJS.Timeout;
  #expiresAt: number;
  #state: SessionState = { name: 'new' };
  #budget = fullBudget(Date.now());
  #invalid = 0;
  /** Access may have changed while it was being looked up for the first time. */
  #recheckDue = false;
  #edits: Promise<void> = Promise.resolve();

  constructor(identity: Identity, transport: SessionTransport, context: SessionContext) {
    this.#identity = identity;
    this.#expiresAt = identity.expiresAt;
    this.#transport = transport;
    this.#context = context;
    this.#helloTimer = setTimeout(() => this.close(CLOSE_CODES.helloTimeout, 'no hello'), HELLO_TIMEOUT_MS);
  }

  get userId(): string {
    return this.#identity.userId;
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Takes a message as it came; never throws. */
  async receive(text: string): Promise<void> {
    const budget = spend(this.#budget, Date.now());
    if (!budget) return this.close(CLOSE_CODES.rateLimited, 'too many messages');
    this.#budget = budget;
    const message = parse(text);
    if (!message) return this.#refuseInvalid();
    if (message.type !== 'edit') return this.#carryOut(message);
    this.#edits = this.#edits.then(() => this.#carryOut(message));
    return this.#edits;
  }

  async #carryOut(message: UpMessage): Promise<void> {
    try {
      await this.#handle(message);
    } catch (error) {
      const notReady = error instanceof FeedNotReadyError;
      if (!notReady)
        this.#context.logger.error({ err: error, session: this.id, message: message.type }, 'message failed');
      if (message.type === 'edit') this.#refuse(notReady ? 'unavailable' : 'internal', message.operation);
      else this.close(CLOSE_CODES.internal, notReady ? 'not ready' : 'internal error');
    }
  }

  /** The workspace's feed cannot be continued for this client. */
  reset(reason: 'epoch' | 'too-old'): void {
    const state = this.#state;
    if (state.name !== 'welcomed' || state.feed === 'none') return;
    this.#transport.leaveLive(state.workspace);
    this.#state = { ...state, feed: 'none' };
    this.#send({ type: 'reset', reason });
  }

  /** Looks up again whether this client may be here, and with which role; ends the connection when it may not. */
  async recheckAccess(): Promise<void> {
    const state = this.#state;
    if (state.name !== 'welcomed') {
      if (state.name === 'greeting') this.#recheckDue = true;
      if (this.#expiresAt <= Date.now()) this.close(CLOSE_CODES.unauthenticated, 'session ended');
      return;
    }
    const access = await getSessionRole(this.#context.database.drizzle, {
      workspaceId: state.workspace,
      userId: this.userId,
      sessionId: this.#identity.sessionId,
    });
    if (access.session === 'ended') return this.close(CLOSE_CODES.unauthenticated, 'session ended');
    this.#expiresAt = access.expiresAt;
    if (access.role === undefined) return this.close(CLOSE_CODES.forbidden, 'no longer a member');
    if (this.#state.name === 'welcomed') this.#state = { ...this.#state, role: access.role };
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state.name === 'closed') return;
    this.closed();
    this.#transport.close(code, reason);
  }

  /** The transport says that the connection is over. */
  closed(): void {
    clearTimeout(this.#helloTimer);
    this.#state = { name: 'closed' };
  }

  async #handle(message: UpMessage): Promise<void> {
    const state = this.#state;
    if (state.name === 'closed') return;
    if (message.type === 'ping') {
      this.#pong(state, message);
      return;
    }
    if (message.type === 'hello')
      return state.name === 'new' ? this.#greet(message) : this.#refuse('unexpected-message');
    if (state.name !== 'welcomed') return this.close(CLOSE_CODES.badRequest, 'hello must come first');
    if (message.type === 'subscribe') return this.#subscribe(state, message);
    return this.#edit(state, message);
  }

  #pong(state: SessionState, { sentAt }: Ping): void {
    const isLive = state.name === 'welcomed' && state.feed === 'live';
    const head = isLive ? this.#context.feeds.flush(state.workspace) : undefined;
    this.#send({ type: 'pong', sentAt, ...(head === undefined ? {} : { head }) });
  }

  async #greet(message: Hello): Promise<void> {
    this.#state = { name: 'greeting' };
    clearTimeout(this.#helloTimer);
    const { database, feeds, nodeName } = this.#context;
    const access = await getSessionRole(database.drizzle, {
      workspaceId: message.workspace,
      userId: this.userId,
      sessionId: this.#identity.sessionId,
    });
    if (access.session === 'ended') return this.close(CLOSE_CODES.unauthenticated, 'session ended');
    if (access.role === undefined) return this.close(CLOSE_CODES.forbidden, 'not a member of this workspace');
    const feed = await feeds.open(message.workspace);
    // The connection may have ended while Postgres and Redis were asked.
    if (this.#state.name !== 'greeting') return;
    const { role } = access;
    this.#state = { name: 'welcomed', workspace: message.workspace, client: message.client, role, feed: 'none' };
    this.#send({ type: 'welcome', session: this.id, node: nodeName, user: this.userId, role, epoch: feed.epoch });
    if (this.#recheckDue) await this.recheckAccess();
  }

  async #subscribe(state: Welcomed, message: Subscribe): Promise<void> {
    if (state.feed === 'catching-up') return this.#refuse('unexpected-message');
    if (state.feed === 'live') this.#transport.leaveLive(state.workspace);
    this.#state = { ...state, feed: 'catching-up' };
    const feed = await this.#context.feeds.open(state.workspace);
    const outcome = await catchUp(feed, message.cursor, {
      send: (text) => this.#transport.send(text),
      bufferedBytes: () => this.#transport.bufferedBytes(),
      drained: () => this.#transport.drained(),
      wanted: () => this.#state.name === 'welcomed' && this.#state.feed === 'catching-up',
      goLive: () => {
        if (this.#state.name !== 'welcomed') return;
        this.#state = { ...this.#state, feed: 'live' };
        this.#transport.joinLive(state.workspace);
      },
    });
    if (outcome === 'live' || this.#state.name !== 'welcomed' || this.#state.feed !== 'catching-up') return;
    this.#state = { ...this.#state, feed: 'none' };
    if (outcome !== 'stopped') this.#send({ type: 'reset', reason: outcome });
  }

  async #edit(state: Welcomed, message: Edit): Promise<void> {
    const result = await performEdit(this.#context.database, {
      workspaceId: state.workspace,
      userId: this.userId,
      via: state.client.kind,
      operation: message.operation,
      items: message.items,
      traceparent: message.traceparent,
    });
    if ('refused' in result) this.#refuse(result.refused, message.operation);
    else this.#send({ type: 'edited', operation: message.operation, outcomes: result.outcomes });
  }

  #refuseInvalid(): void {
    this.#invalid += 1;
    if (this.#invalid >= MAX_INVALID_MESSAGES) this.close(CLOSE_CODES.badRequest, 'too many invalid messages');
    else this.#refuse('invalid-message');
  }

  #refuse(code: ErrorCode, operation?: string): void {
    this.#send({ type: 'error', code, ...(operation === undefined ? {} : { operation }) });
  }

  #send(message: DownMessage): void {
    if (this.#state.name !== 'closed') this.#transport.send(JSON.stringify(message));
  }
}

function parse(text: string): UpMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const result = upMessage.safeParse(value);
  return result.success ? result.data : undefined;
}
