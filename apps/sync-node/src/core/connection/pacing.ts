import { type Ping, TIERS_MS, type TierMs } from '@meldesync/protocol';
import { LIVE_BELOW_MS } from '../freshness.ts';
import type { ConnectionLink } from './connection-link.ts';
import { logByHand, logFed, logPaced } from './connection-log.ts';
import { leaveFeed, type Welcomed } from './connection-state.ts';
import { BEST, glance, leftUnread, look, type TierGauge } from './tier-gauge.ts';

/** Those who refresh by hand come back to the feed within so long, each at a moment of its own. */
const RETURN_WITHIN_MS = 5_000;

/** Whether the client gets the feed, or refreshes by hand because the cluster saves work. Moments are monotonic milliseconds. */
type Delivery =
  | { readonly name: 'fed' }
  /** It hears of locks and of who is here, and of no change. `returnAt`: when it is given the feed again. */
  | { readonly name: 'by-hand'; readonly since: number; readonly returnAt: number | null }
  /** It was told to go on from its cursor, and not yet that it is current again. */
  | { readonly name: 'returning'; readonly since: number };

const FED: Delivery = { name: 'fed' };

/** How far apart the client of a connection gets changes, by how well it keeps up (R4.5) and how much work is to be saved (R5.4). */
export class Pacing {
  readonly #link: ConnectionLink;
  #gauge: TierGauge = BEST;
  /** What the client was told, and gets. */
  #told: TierMs = 0;
  #delivery: Delivery = FED;

  constructor(link: ConnectionLink) {
    this.#link = link;
  }

  get tierMs(): TierMs {
    return this.#told;
  }

  /** The pace in which it follows the feed; null while it gets no changes, since it refreshes by hand. */
  get followed(): TierMs | null {
    return this.#delivery.name === 'by-hand' ? null : this.#told;
  }

  /** Answers a ping, with what it reports of the client; a client that is live and not slowed down hears where the feed is. */
  answer(ping: Ping): void {
    const { sentAt } = ping;
    const link = this.#link;
    link.reported(ping);
    this.#change(look(this.#gauge, link.quality, link.context.runtime.monotonicMs()));
    const { state } = link;
    const isLive = state.name === 'welcomed' && state.feed === 'live' && this.followed === 0;
    const head = isLive ? link.context.feeds.flush(state.workspace) : undefined;
    const at = link.context.runtime.epochMs();
    // Whoever then hears nothing more knows how old their screen may be; who is told asks more often, which a busy cluster is to be spared.
    const { ageMs } = link.context.freshness;
    const age = ageMs < LIVE_BELOW_MS ? {} : { ageMs };
    link.send({ type: 'pong', sentAt, at, ...(head === undefined ? {} : { head }), ...age });
  }

  /** Looks at what waits in the connection's buffer, and at which level the cluster works. Called every second. */
  glance(): void {
    this.#deliver();
    this.#change(glance(this.#gauge, this.#link.quality, this.#link.context.runtime.monotonicMs()));
  }

  /** The node hears again what happens, which the client is told unless it gets nothing of it. */
  becameLive(): void {
    if (this.#delivery.name !== 'fed') return;
    logFed(this.#link, this.#link.state);
    this.#link.send({ type: 'freshness', ageMs: null });
  }

  /**
   * Something was dropped for the connection, for its client left too much unread. It is taken off the feed until it has read
   * what is there, and then goes on from its cursor, at a slower pace.
   */
  async leftUnread(): Promise<void> {
    const link = this.#link;
    if (link.state.name !== 'welcomed' || link.state.feed !== 'live') return;
    this.#gauge = leftUnread(this.#gauge);
    this.#tell(this.#wanted(), link.state);
    link.unfollow();
    link.change(leaveFeed);
    await link.allRead();
    link.send({ type: 'tier', everyMs: this.#told });
    link.send({ type: 'behind' });
  }

  /** At the level `minimal` everybody gets changes one tier slower. */
  #wanted(): TierMs {
    const { tierMs } = this.#gauge;
    if (this.#link.context.level() !== 'minimal') return tierMs;
    return TIERS_MS[TIERS_MS.indexOf(tierMs) + 1] ?? tierMs;
  }

  /** Changes over to another tier without a gap: what waits in the old one is sent first, what waits in the new one overlaps. */
  #change(gauge: TierGauge): void {
    const { state } = this.#link;
    if (state.name !== 'welcomed' || state.feed !== 'live') return;
    this.#gauge = gauge;
    const tierMs = this.#wanted();
    if (tierMs === this.#told || this.#delivery.name === 'by-hand') return;
    this.#flush(state.workspace);
    this.#link.unfollow();
    this.#link.follow(state.workspace, tierMs);
    this.#tell(tierMs, state);
    this.#link.send({ type: 'tier', everyMs: tierMs });
  }

  #tell(tierMs: TierMs, state: Welcomed): void {
    const before = this.#told;
    this.#told = tierMs;
    this.#link.tierMs = tierMs;
    if (tierMs !== before) logPaced(this.#link, state, before);
  }

  /** At the level `manual` the client refreshes by hand, as at a node that does not hear what happens (R4.3, P49). */
  #deliver(): void {
    const { context, state } = this.#link;
    if (state.name !== 'welcomed') return;
    const now = context.runtime.monotonicMs();
    const isManual = context.level() === 'manual';
    const delivery = this.#delivery;
    if (isManual) {
      if (delivery.name !== 'by-hand') this.#takeOff(state.workspace, delivery.name === 'fed' ? now : delivery.since);
      else if (delivery.returnAt !== null) this.#delivery = { ...delivery, returnAt: null };
      return;
    }
    if (delivery.name === 'by-hand') this.#bringBack(delivery, now);
    if (delivery.name === 'returning' && state.feed === 'live') {
      // It is live, so what it missed was sent before this.
      this.#delivery = FED;
      if (context.freshness.state !== 'stale') logFed(this.#link, state);
      if (context.freshness.state !== 'stale') this.#link.send({ type: 'freshness', ageMs: null });
    }
  }

  #takeOff(workspace: string, since: number): void {
    const { state, context } = this.#link;
    this.#delivery = { name: 'by-hand', since, returnAt: null };
    logByHand(this.#link, state, 'level');
    if (state.name === 'welcomed' && state.feed === 'live') {
      this.#flush(workspace);
      this.#link.unfollow();
      this.#link.follow(workspace, null);
    }
    this.#link.send({ type: 'freshness', ageMs: context.runtime.monotonicMs() - since });
  }

  #bringBack(delivery: Extract<Delivery, { name: 'by-hand' }>, now: number): void {
    const { state, context } = this.#link;
    const returnAt = delivery.returnAt ?? now + context.runtime.random() * RETURN_WITHIN_MS;
    this.#delivery = { ...delivery, returnAt };
    if (now < returnAt) return;
    this.#delivery = { name: 'returning', since: delivery.since };
    if (state.name !== 'welcomed' || state.feed !== 'live') return;
    this.#link.unfollow();
    this.#link.change(leaveFeed);
    this.#link.send({ type: 'behind' });
  }

  /** Sends what waits in the tier that the client has been getting. */
  #flush(workspace: string): void {
    const { feeds } = this.#link.context;
    if (this.#told === 0) feeds.flush(workspace);
    else feeds.flushTier(workspace, this.#told);
  }
}
