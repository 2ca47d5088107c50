import exec from 'k6/execution';
import { clearTimeout, setTimeout } from 'k6/timers';
import { awayReason, Comebacks } from './comeback.ts';
import { Feed } from './feed.ts';
import { Link } from './link.ts';
import { LockRequests } from './lock-requests.ts';
import type { Change, DownMessage, EditItem, Lock, UpMessage } from './messages.ts';
import { disconnects, editsObserved, editToApplied, reportError, timeToCurrent } from './metrics.ts';
import { type EditAnswer, Operations } from './operations.ts';
import type { Service } from './service.ts';

const VERSION = '1.0.0';
/** After a node that did not hear what happens has sent it away (P49). */
const STAYS_MS = 60_000;

export interface ClientOptions {
  readonly service: Service;
  readonly token: string;
  readonly workspace: string;
  /** Without records a copy follows the feed, and compares no checksums. */
  readonly keepsRecords?: boolean;
  /** Where such a copy begins; otherwise it asks. */
  readonly cursor?: string;
  /** Share of what others edit whose way here is measured. */
  readonly sample?: number;
}

type State =
  | { readonly at: 'away' }
  | { readonly at: 'waiting'; readonly timer: number }
  | { readonly at: 'connecting'; readonly link: Link; readonly since: number }
  | { readonly at: 'welcome'; readonly link: Link }
  /** The service does not want it any more. */
  | { readonly at: 'refused' };

interface Away {
  readonly since: number;
  readonly reason: ReturnType<typeof awayReason>;
}

let count = 0;

/** A client of the protocol: one copy of one workspace, over one connection after the other. */
export class Client {
  readonly #options: ClientOptions;
  readonly #instance: string;
  readonly #comebacks = new Comebacks();
  readonly #feed: Feed;
  readonly #operations: Operations;
  readonly #locks: LockRequests;
  #state: State = { at: 'away' };
  #away: Away | undefined;
  #wasLive = false;
  #staysUntil = 0;
  #observed = 0;
  #waiters: (() => void)[] = [];

  constructor(options: ClientOptions) {
    this.#options = options;
    count++;
    this.#instance = `k6-${exec.vu.idInTest}-${count}-${Date.now().toString(36)}`;
    const send = (message: UpMessage): boolean => this.#send(message);
    this.#operations = new Operations(String(count), send);
    this.#locks = new LockRequests(send);
    this.#feed = new Feed(options.service, options.keepsRecords ?? true, {
      send,
      onChange: (change, isLive) => this.#observe(change, isLive),
      onLive: () => this.#live(),
      onBroken: (why) => this.#broken(why),
    });
    if (options.cursor === undefined) return;
    this.#feed.copy.begin(options.cursor);
    this.#feed.copy.complete();
  }

  get feed(): Feed {
    return this.#feed;
  }

  get operations(): Operations {
    return this.#operations;
  }

  get isLive(): boolean {
    return this.#feed.isLive;
  }

  connect(): void {
    if (this.#state.at === 'waiting') clearTimeout(this.#state.timer);
    else if (this.#state.at !== 'away') return;
    if (this.#wasLive) this.#away ??= { since: Date.now(), reason: 'other' };
    const link = new Link(this.#options.token, {
      onOpen: () => this.#hello(link),
      onMessage: (message) => this.#hear(message, link),
      onEnd: (code, reason) => this.#ended(code, reason),
      onUnreadable: (text) => reportError('unreadable', text),
    });
    this.#state = { at: 'connecting', link, since: Date.now() };
  }

  /** As when a laptop's lid is shut. `isWanted` false is the network's doing: then it comes back by itself. */
  disconnect(isWanted = true): void {
    const { at } = this.#state;
    this.#drop();
    if (isWanted) {
      // Who sleeps misses nothing: what had begun before counts anew from waking up.
      this.#away = undefined;
      if (this.#state.at !== 'refused') this.#state = { at: 'away' };
    } else if (at === 'welcome') this.#comeBack(1006, '', 0);
  }

  /** Whether it is current, at the latest after so long. */
  whenLive(limitMs: number): Promise<boolean> {
    if (this.isLive) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.isLive), limitMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  edit(item: EditItem): Promise<EditAnswer> {
    return this.#operations.edit(item);
  }

  lock(records: readonly number[]): Promise<Lock | undefined> {
    return this.#locks.lock(records);
  }

  unlock(lock: Lock): Promise<void> {
    return this.#locks.unlock(lock);
  }

  /** Says which records its person has open (P33). */
  attend(records: readonly number[]): void {
    this.#send({ type: 'attend', records });
  }

  /** Ends it. What has no answer yet will have none. */
  stop(): void {
    this.disconnect();
    this.#operations.giveUp();
    this.#tellObserved();
  }

  #hello(link: Link): void {
    const away = this.#away;
    const { epoch } = this.#feed.copy;
    const after = away === undefined ? {} : { after: { reason: away.reason, awayMs: Date.now() - away.since, epoch } };
    link.send({
      type: 'hello',
      workspace: this.#options.workspace,
      instance: this.#instance,
      ...(Date.now() < this.#staysUntil ? { stays: true } : {}),
      ...after,
      client: { kind: 'cli', version: VERSION },
    });
  }

  #hear(message: DownMessage, link: Link): void {
    const heardAt = Date.now();
    switch (message.type) {
      case 'welcome':
        this.#state = { at: 'welcome', link };
        this.#comebacks.welcome();
        link.welcome();
        this.#operations.sendAgain();
        this.#feed.welcome(message.epoch);
        return;
      case 'edited':
        this.#operations.answered(message.operation, message.outcomes);
        return;
      case 'error':
        this.#refused(message);
        return;
      case 'pong':
        this.#tellObserved();
        break;
      default:
        // The rest is the locks' and the feed's.
        break;
    }
    if (this.#locks.hear(message)) return;
    this.#feed.hear(message);
    if (message.type === 'frames') link.applied(Date.now() - heardAt);
  }

  #refused(message: Extract<DownMessage, { type: 'error' }>): void {
    if (message.operation !== undefined) this.#operations.refused(message.operation, message.code);
    else if (!this.#locks.hear(message)) reportError('error-message', message.code);
  }

  #ended(code: number | 'silent', reason: string): void {
    const { at } = this.#state;
    const triedMs = this.#state.at === 'connecting' ? Date.now() - this.#state.since : 0;
    if (at === 'welcome') disconnects.add(1, { code: String(code) });
    this.#comeBack(code, reason, triedMs);
  }

  #broken(why: string): void {
    this.#drop();
    disconnects.add(1, { code: why });
    this.#comeBack('silent', why, 0);
  }

  #comeBack(code: number | 'silent', reason: string, triedMs: number): void {
    this.#rest();
    if (this.#wasLive) this.#away ??= { since: Date.now(), reason: awayReason(code) };
    if (code === 4505) this.#staysUntil = Date.now() + STAYS_MS;
    const next = this.#comebacks.next(code, reason, triedMs);
    if (next.after === 'stop') {
      reportError('refused', `${code} ${reason}`);
      this.#state = { at: 'refused' };
      return;
    }
    this.#state = { at: 'waiting', timer: setTimeout(() => this.connect(), next.waitMs) };
  }

  /** Lets go of the connection, or of the wait for the next one. */
  #drop(): void {
    if (this.#state.at === 'waiting') clearTimeout(this.#state.timer);
    if (this.#state.at === 'connecting' || this.#state.at === 'welcome') this.#state.link.close();
    this.#rest();
  }

  #rest(): void {
    this.#feed.rest();
    this.#operations.rest();
    this.#locks.rest();
  }

  #send(message: UpMessage): boolean {
    return this.#state.at === 'welcome' && this.#state.link.send(message);
  }

  #live(): void {
    this.#wasLive = true;
    if (this.#away !== undefined) timeToCurrent.add(Date.now() - this.#away.since);
    this.#away = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #observe({ operation, record, version }: Change, isLive: boolean): void {
    if (operation === undefined) return;
    const sentAt = this.#operations.seen(operation, record, version);
    if (sentAt === undefined || !isLive) return;
    this.#observed++;
    if (Math.random() < (this.#options.sample ?? 1)) editToApplied.add(Date.now() - sentAt);
  }

  #tellObserved(): void {
    if (this.#observed > 0) editsObserved.add(this.#observed);
    this.#observed = 0;
  }
}
