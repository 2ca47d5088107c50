import { CLOSE_CODES, type CloseCode, drainReason, type Edit, type TierMs, type UpMessage } from '@meldesync/protocol';
import type { Timer } from '../../runtime.ts';
import type { GuardedSocket } from '../guarded-socket.ts';
import { inTime } from '../in-time.ts';
import { judgeFailure } from '../judge-failure.ts';
import { GREETING_LIMIT_MS } from '../limits.ts';
import { recheckAccess } from './access-recheck.ts';
import type { ConnectionContext } from './connection-context.ts';
import { ConnectionLink, type KnownVisitor } from './connection-link.ts';
import { type ConnectionState, leaveFeed } from './connection-state.ts';
import { greet, tellFreshness } from './greeting.ts';
import { emptyIntake, type Intake, takeIn } from './intake.ts';
import { handleMember } from './member-messages.ts';
import { costOf, costOfText } from './message-cost.ts';
import { lineOf, type MessageLine, routeMessage } from './message-route.ts';
import { Pacing } from './pacing.ts';
import { holderOfEdits } from './unanswered-edits.ts';

const HELLO_TIMEOUT_MS = 10_000;
const DONE = Promise.resolve();

/**
 * One client's connection: who it is, what it may do, and where it stands in the feed. Edits, and requests for locks, are
 * carried out one after the other in the order they came.
 */
export class Connection {
  readonly #link: ConnectionLink;
  readonly #pacing: Pacing;
  #helloTimer: Timer | undefined;
  #intake: Intake;
  /** The last message of each line: it is done when all before it are. */
  readonly #lines: Record<MessageLine, Promise<void>> = { edits: DONE, locks: DONE };

  constructor(visitor: KnownVisitor, socket: GuardedSocket, context: ConnectionContext) {
    const { runtime } = context;
    this.#link = new ConnectionLink(visitor, socket, context);
    this.#pacing = new Pacing(this.#link);
    this.#intake = emptyIntake(runtime.monotonicMs());
    this.#helloTimer = runtime.after(HELLO_TIMEOUT_MS, () => this.close(CLOSE_CODES.helloTimeout, 'no hello'));
  }

  get id(): string {
    return this.#link.id;
  }

  get userId(): string {
    return this.#link.identity.userId;
  }

  /** When its session ends, in epoch milliseconds. */
  get expiresAt(): number {
    return this.#link.expiresAt;
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** How far apart its client gets changes, in milliseconds. */
  get tierMs(): TierMs {
    return this.#pacing.tierMs;
  }

  /** Takes a message as it came; never throws. */
  async receive(text: string): Promise<void> {
    const { context } = this.#link;
    const receivedAt = context.runtime.monotonicMs();
    if (!context.people.spend(this.userId, costOfText(text))) return this.#sentTooMuch();
    const { intake, taken } = takeIn(this.#intake, text, receivedAt);
    this.#intake = intake;
    if (taken.outcome === 'closed') return this.close(taken.code, taken.reason);
    context.locks.heard(this.id);
    if (taken.outcome === 'refused') return this.#link.refuse('invalid-message', taken.to);
    const { message } = taken;
    if (!context.people.spend(this.userId, costOf(message))) return this.#sentTooMuch();
    const line = lineOf(message);
    if (!line) return this.#carryOut(message, receivedAt);
    if (message.type === 'edit') return this.#queueEdit(message, Buffer.byteLength(text), receivedAt);
    return this.#queue(line, message, receivedAt);
  }

  /** The workspace's feed cannot be continued for this client. */
  reset(reason: 'epoch' | 'too-old'): void {
    const { state } = this.#link;
    if (state.name !== 'welcomed' || state.feed === 'none') return;
    this.#link.unfollow();
    this.#link.change(leaveFeed);
    if (this.#link.returning) this.#link.returning.isTakingSnapshot = true;
    this.#link.send({ type: 'reset', reason });
  }

  /**
   * This node does not hear what happens. The client is sent to another one, once: one that has been sent here is kept, and told
   * how old what it gets is (P49).
   */
  becameStale(reconnectInMs: number): void {
    const { state } = this.#link;
    if (state.name !== 'welcomed') return;
    if (state.stays) tellFreshness(this.#link);
    else this.close(CLOSE_CODES.stale, drainReason(reconnectInMs));
  }

  /** This node hears again what happens, and has given the client what it missed. */
  becameLive(): void {
    if (this.#link.state.name === 'welcomed') this.#pacing.becameLive();
  }

  /** Looks at how well the client keeps up. Called every second. */
  glance(): void {
    this.#pacing.glance();
  }

  /** Something was dropped for the client, which had left too much unread. */
  leftUnread(): Promise<void> {
    return this.#pacing.leftUnread();
  }

  /** Looks up again whether the client may be here; rejects when that cannot be found out. */
  recheckAccess(): Promise<void> {
    return recheckAccess(this.#link);
  }

  close(code: CloseCode, reason: string): void {
    this.#greeted();
    this.#link.close(code, reason);
  }

  /** The node stops: what the client asked for is answered, then it is told when to come back (R4.1). */
  async drain(reconnectInMs: number): Promise<void> {
    await this.#lines.edits;
    this.close(CLOSE_CODES.draining, drainReason(reconnectInMs));
  }

  /** The transport says that the connection is over. */
  closed(code: number): void {
    this.#greeted();
    this.#link.closed(code);
  }

  #queue(line: MessageLine, message: UpMessage, receivedAt: number): Promise<void> {
    this.#lines[line] = this.#lines[line].then(() => this.#carryOut(message, receivedAt));
    return this.#lines[line];
  }

  /** What there is no room for is refused, to be sent again: nothing of it has been carried out. */
  async #queueEdit(edit: Edit, bytes: number, receivedAt: number): Promise<void> {
    const { unanswered } = this.#link.context;
    const holder = holderOfEdits(this.id);
    const taken = unanswered.take(holder, bytes);
    if (taken !== 'taken') {
      const code = taken === 'full' ? 'unavailable' : 'rate-limited';
      return this.#link.refuse(code, { operation: edit.operation });
    }
    try {
      await this.#queue('edits', edit, receivedAt);
    } finally {
      unanswered.give(holder, bytes);
    }
  }

  #sentTooMuch(): void {
    this.close(CLOSE_CODES.rateLimited, 'too many messages of a person');
  }

  /** Its client has said hello, or never will. */
  #greeted(): void {
    this.#helloTimer?.cancel();
    this.#helloTimer = undefined;
  }

  async #carryOut(message: UpMessage, receivedAt: number): Promise<void> {
    try {
      await this.#handle(message, receivedAt);
    } catch (error) {
      const { context } = this.#link;
      const { code, level } = judgeFailure(error, (trouble) => context.database.troubleOf(trouble));
      context.logger.event('message-failed', { err: error, connection: this.id, message: message.type }, level);
      if (message.type === 'edit') this.#link.refuse(code, { operation: message.operation });
      else if ('request' in message) this.#link.refuse(code, { request: message.request });
      else this.close(CLOSE_CODES.internal, code === 'unavailable' ? 'not ready' : 'internal error');
    }
  }

  async #handle(message: UpMessage, receivedAt: number): Promise<void> {
    const route = routeMessage(this.state, message);
    switch (route.to) {
      case 'nobody':
        return;
      case 'ping':
        return this.#pacing.answer(route.message);
      case 'greeting':
        this.#greeted();
        return inTime(greet(this.#link, route.message), GREETING_LIMIT_MS, this.#link.context.runtime);
      case 'member':
        return handleMember(this.#link, route.state, route.message, {
          followed: () => this.#pacing.followed,
          receivedAt,
        });
      case 'refusal':
        return this.#link.refuse(route.code);
      case 'close':
        return this.close(route.code, route.reason);
    }
  }
}
