import { randomUUID } from 'node:crypto';
import {
  CLOSE_CODES,
  type CloseCode,
  type DownMessage,
  drainReason,
  type Edit,
  type ErrorCode,
  freesLocks,
  type Hello,
  type Lock,
  type Ping,
  type Reset,
  type Subscribe,
  type TierMs,
  type Unlock,
  type UpMessage,
  upMessage,
} from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Identity } from '../auth/authenticate.ts';
import type { Feeds } from '../feed/feeds.ts';
import { judgeFailure } from '../judge-failure.ts';
import type { NodeLocks } from '../locks/node-locks.ts';
import type { NodePresence } from '../presence/node-presence.ts';
import { Answers } from './answers.ts';
import { catchUp } from './catch-up.ts';
import { answerLock, answerUnlock } from './lock-requests.ts';
import { fullBudget, spend } from './message-budget.ts';
import type { SessionData } from './session-data.ts';
import type { SessionState, Welcomed } from './session-state.ts';
import type { SessionTransport } from './session-transport.ts';
import type { SharedRoles } from './shared-roles.ts';
import { BEST, fellBehind, glance, look, type TierGauge } from './tier-gauge.ts';

export interface SessionContext {
  readonly data: SessionData;
  /** For connections that begin; whoever has begun asks `data` itself. */
  readonly roles: SharedRoles;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  readonly presence: NodePresence;
  readonly logger: Logger;
  readonly nodeName: string;
  /** A client found that its state had gone wrong. */
  readonly onDiverged: () => void;
  /** A client is live, or needs a snapshot and why. */
  readonly onSubscribed: (outcome: 'live' | Reset['reason']) => void;
}

const HELLO_TIMEOUT_MS = 10_000;
const MAX_INVALID_MESSAGES = 5;

type Line = 'edits' | 'locks';
/** Messages that wait for those before them in their line: an unlock must be over before its records are locked again. */
const LINES: Partial<Record<UpMessage['type'], Line>> = { edit: 'edits', lock: 'locks', unlock: 'locks' };

/**
 * One client's connection: who it is, what it may do, and where it stands in the feed. Edits, and requests for locks, are
 * carried out one after the other in the order they came. Each edit is checked against the person's role in its own
 * transaction.
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
  /** The last message of each line: it is done when all before it are. */
  readonly #lines: Record<Line, Promise<void>> = { edits: Promise.resolve(), locks: Promise.resolve() };
  #gauge: TierGauge = BEST;
  readonly #answers: Answers;
  /** What the client said last of its round trip and of how long it takes to apply changes. */
  #reported = { roundTripMs: 0, applyLagMs: 0 };

  constructor(identity: Identity, transport: SessionTransport, context: SessionContext) {
    this.#identity = identity;
    this.#expiresAt = identity.expiresAt;
    this.#transport = transport;
    this.#answers = new Answers(transport, () => this.close(CLOSE_CODES.slow, 'too slow'));
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

  /** How far apart its client gets changes, in milliseconds. */
  get tierMs(): TierMs {
    return this.#gauge.tierMs;
  }

  /** Takes a message as it came; never throws. */
  async receive(text: string): Promise<void> {
    const budget = spend(this.#budget, Date.now());
    if (!budget) return this.close(CLOSE_CODES.rateLimited, 'too many messages');
    this.#budget = budget;
    this.#context.locks.heard(this.id);
    const message = parse(text);
    if (!message) return this.#refuseInvalid();
    const line = LINES[message.type];
    if (!line) return this.#carryOut(message);
    this.#lines[line] = this.#lines[line].then(() => this.#carryOut(message));
    return this.#lines[line];
  }

  async #carryOut(message: UpMessage): Promise<void> {
    try {
      await this.#handle(message);
    } catch (error) {
      const { code, level } = judgeFailure(error);
      this.#context.logger[level]({ err: error, session: this.id, message: message.type }, 'message failed');
      if (message.type === 'edit') this.#refuse(code, { operation: message.operation });
      else if ('request' in message) this.#refuse(code, { request: message.request });
      else this.close(CLOSE_CODES.internal, code === 'unavailable' ? 'not ready' : 'internal error');
    }
  }

  /** The workspace's feed cannot be continued for this client. */
  reset(reason: 'epoch' | 'too-old'): void {
    const state = this.#state;
    if (state.name !== 'welcomed' || state.feed === 'none') return;
    this.#transport.unfollow(state.workspace);
    this.#state = { ...state, feed: 'none' };
    this.#send({ type: 'reset', reason });
  }

  /** Paces the connection by what waits in its buffer (R4.5). Called every second. */
  glance(): void {
    const bufferedBytes = this.#transport.bufferedBytes();
    this.#pace(glance(this.#gauge, { bufferedBytes, ...this.#reported }, performance.now()));
  }

  /**
   * Something published for this connection was dropped, for it left too much unread. It is taken off the feed until it
   * has read what is there, and then goes on from its cursor, at a slower pace.
   */
  async fellBehind(): Promise<void> {
    const state = this.#state;
    if (state.name !== 'welcomed' || state.feed !== 'live') return;
    this.#transport.unfollow(state.workspace);
    this.#state = { ...state, feed: 'none' };
    this.#gauge = fellBehind(this.#gauge);
    await this.#answers.allRead();
    this.#send({ type: 'tier', everyMs: this.#gauge.tierMs });
    this.#send({ type: 'behind' });
  }

  /** Looks up again whether this client may be here, and with which role; ends the connection when it may not. */
  async recheckAccess(): Promise<void> {
    const state = this.#state;
    if (state.name !== 'welcomed') {
      if (state.name === 'greeting') this.#recheckDue = true;
      if (this.#expiresAt <= Date.now()) this.close(CLOSE_CODES.unauthenticated, 'session ended');
      return;
    }
    const access = await this.#context.data.sessionRole({
      workspaceId: state.workspace,
      userId: this.userId,
      sessionId: this.#identity.sessionId,
    });
    if (access.session === 'ended') return this.close(CLOSE_CODES.unauthenticated, 'session ended');
    this.#expiresAt = access.expiresAt;
    if (access.role === undefined) return this.close(CLOSE_CODES.forbidden, 'no longer a member');
    if (this.#state.name === 'welcomed') this.#state = { ...this.#state, role: access.role };
    if (access.role === 'viewer') this.#context.locks.closed(this.id, true);
  }

  close(code: CloseCode, reason: string): void {
    if (this.#state.name === 'closed') return;
    this.closed(code);
    this.#transport.close(code, reason);
  }

  /** The node stops: what the client asked for is answered, then it is told when to come back (R4.1). */
  async drain(reconnectInMs: number): Promise<void> {
    await this.#lines.edits;
    this.close(CLOSE_CODES.draining, drainReason(reconnectInMs));
  }

  /** The transport says that the connection is over, or is to be. */
  closed(code: number): void {
    const state = this.#state;
    clearTimeout(this.#helloTimer);
    this.#state = { name: 'closed' };
    this.#answers[Symbol.dispose]();
    if (state.name !== 'welcomed') return;
    this.#context.locks.closed(this.id, freesLocks(code));
    this.#context.presence.leave(state.workspace, this.id);
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
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(state, message);
      case 'edit':
        return this.#edit(state, message);
      case 'lock':
        return this.#lock(state, message);
      case 'unlock':
        return this.#unlock(state, message);
      case 'attend':
        this.#attend(state, message.records);
        return;
      case 'diverged':
        this.#context.onDiverged();
        this.#context.logger.error(
          { session: this.id, workspace: state.workspace, cursor: message.cursor, client: state.client },
          'a client does not hold what the database holds; it takes a snapshot',
        );
        return;
    }
  }

  async #lock(state: Welcomed, message: Lock): Promise<void> {
    const answer = await answerLock(this.#context, { ...this.#holder(state), role: state.role }, message);
    if (this.#mayLock()) return this.#send(answer);
    // A lock for a connection that ended meanwhile, or whose person may no longer edit, would stay until its time is over.
    this.#context.locks.closed(this.id, true);
    this.#refuse('forbidden', { request: message.request });
  }

  async #unlock(state: Welcomed, message: Unlock): Promise<void> {
    this.#send(await answerUnlock(this.#context, { ...this.#holder(state), role: state.role }, message));
  }

  #mayLock(): boolean {
    return this.#state.name === 'welcomed' && this.#state.role !== 'viewer';
  }

  #attend({ workspace, client }: Welcomed, records: readonly number[]): void {
    this.#context.presence.attend(workspace, this.id, { user: this.userId, kind: client.kind, records });
  }

  #holder({ workspace, instance }: Welcomed) {
    return { workspace, user: this.userId, instance, connection: this.id };
  }

  #pong(state: SessionState, { sentAt, roundTripMs, applyLagMs }: Ping): void {
    this.#reported = { roundTripMs: roundTripMs ?? 0, applyLagMs: applyLagMs ?? 0 };
    this.#pace(
      look(this.#gauge, { bufferedBytes: this.#transport.bufferedBytes(), ...this.#reported }, performance.now()),
    );
    const isLive = state.name === 'welcomed' && state.feed === 'live' && this.#gauge.tierMs === 0;
    const head = isLive ? this.#context.feeds.flush(state.workspace) : undefined;
    this.#send({ type: 'pong', sentAt, ...(head === undefined ? {} : { head }) });
  }

  /** Changes over to another tier without a gap: what waits in the old one is sent first, what waits in the new one overlaps. */
  #pace(gauge: TierGauge): void {
    const state = this.#state;
    const before = this.#gauge.tierMs;
    if (state.name !== 'welcomed' || state.feed !== 'live') return;
    this.#gauge = gauge;
    if (gauge.tierMs === before) return;
    const { feeds, logger } = this.#context;
    if (before === 0) feeds.flush(state.workspace);
    else feeds.flushTier(state.workspace, before);
    this.#transport.unfollow(state.workspace);
    this.#transport.follow(state.workspace, gauge.tierMs);
    this.#send({ type: 'tier', everyMs: gauge.tierMs });
    logger.info({ session: this.id, everyMs: gauge.tierMs, ...this.#reported }, 'connection paced');
  }

  async #greet(message: Hello): Promise<void> {
    this.#state = { name: 'greeting' };
    clearTimeout(this.#helloTimer);
    const { roles, feeds, locks, presence, nodeName } = this.#context;
    const access = await roles.find({
      workspaceId: message.workspace,
      userId: this.userId,
      sessionId: this.#identity.sessionId,
    });
    if (access.session === 'ended') return this.close(CLOSE_CODES.unauthenticated, 'session ended');
    if (access.role === undefined) return this.close(CLOSE_CODES.forbidden, 'not a member of this workspace');
    const feed = await feeds.open(message.workspace);
    await Promise.all([locks.open(message.workspace), presence.open(message.workspace)]);
    // The connection may have ended while Postgres and Redis were asked.
    if (this.#state.name !== 'greeting') return;
    const { role } = access;
    const { workspace, client, instance = this.id } = message;
    const state: Welcomed = { name: 'welcomed', workspace, client, instance, role, feed: 'none' };
    this.#state = state;
    this.#attend(state, []);
    if (message.instance !== undefined && role !== 'viewer') await locks.resume(this.#holder(state));
    if (this.#state.name !== 'welcomed') return locks.closed(this.id, false);
    // The role may have changed meanwhile, and what was resumed after that was not there to be released.
    if (!this.#mayLock()) locks.closed(this.id, true);
    const { role: current } = this.#state;
    this.#send({
      type: 'welcome',
      session: this.id,
      node: nodeName,
      user: this.userId,
      role: current,
      epoch: feed.epoch,
    });
    if (this.#recheckDue) await this.recheckAccess();
  }

  async #subscribe(state: Welcomed, message: Subscribe): Promise<void> {
    if (state.feed === 'catching-up') return this.#refuse('unexpected-message');
    if (state.feed === 'live') this.#transport.unfollow(state.workspace);
    this.#state = { ...state, feed: 'catching-up' };
    const feed = await this.#context.feeds.open(state.workspace);
    const outcome = await catchUp(feed, message.cursor, {
      send: (text) => this.#transport.send(text),
      isMerged: this.#gauge.tierMs > 0,
      wanted: () => this.#state.name === 'welcomed' && this.#state.feed === 'catching-up',
      goLive: () => {
        if (this.#state.name !== 'welcomed') return;
        this.#state = { ...this.#state, feed: 'live' };
        this.#transport.send(this.#context.locks.current(state.workspace));
        this.#transport.send(this.#context.presence.lastTold(state.workspace));
        this.#transport.follow(state.workspace, this.#gauge.tierMs);
      },
    });
    if (outcome !== 'stopped') this.#context.onSubscribed(outcome);
    if (outcome === 'live' || this.#state.name !== 'welcomed' || this.#state.feed !== 'catching-up') return;
    this.#state = { ...this.#state, feed: 'none' };
    if (outcome !== 'stopped') this.#send({ type: 'reset', reason: outcome });
  }

  async #edit(state: Welcomed, message: Edit): Promise<void> {
    const result = await this.#context.data.performEdit({
      workspaceId: state.workspace,
      userId: this.userId,
      via: state.client.kind,
      operation: message.operation,
      items: message.items,
      traceparent: message.traceparent,
    });
    if ('refused' in result) this.#refuse(result.refused, { operation: message.operation });
    else this.#send({ type: 'edited', operation: message.operation, outcomes: result.outcomes });
  }

  #refuseInvalid(): void {
    this.#invalid += 1;
    if (this.#invalid >= MAX_INVALID_MESSAGES) this.close(CLOSE_CODES.badRequest, 'too many invalid messages');
    else this.#refuse('invalid-message');
  }

  #refuse(code: ErrorCode, to: { readonly operation?: string; readonly request?: string } = {}): void {
    this.#send({ type: 'error', code, ...to });
  }

  #send(message: DownMessage): void {
    this.#answers.send(JSON.stringify(message));
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
