import type { Ping, TierMs } from '@meldesync/protocol';
import type { ConnectionLink } from './connection-link.ts';
import { logPaced } from './connection-log.ts';
import { leaveFeed, type Welcomed } from './connection-state.ts';
import { BEST, glance, leftUnread, look, type TierGauge } from './tier-gauge.ts';

/** How far apart the client of a connection gets changes, by how well it keeps up (R4.5). */
export class Pacing {
  readonly #link: ConnectionLink;
  #gauge: TierGauge = BEST;

  constructor(link: ConnectionLink) {
    this.#link = link;
  }

  get tierMs(): TierMs {
    return this.#gauge.tierMs;
  }

  /** Answers a ping, with what it reports of the client; a client that is live and not slowed down hears where the feed is. */
  answer(ping: Ping): void {
    const { sentAt } = ping;
    const link = this.#link;
    link.reported(ping);
    this.#change(look(this.#gauge, link.quality, link.context.runtime.monotonicMs()));
    const { state } = link;
    const isLive = state.name === 'welcomed' && state.feed === 'live' && this.tierMs === 0;
    const head = isLive ? link.context.feeds.flush(state.workspace) : undefined;
    const at = link.context.runtime.epochMs();
    link.send({ type: 'pong', sentAt, at, ...(head === undefined ? {} : { head }) });
  }

  /** Looks at what waits in the connection's buffer. Called every second. */
  glance(): void {
    this.#change(glance(this.#gauge, this.#link.quality, this.#link.context.runtime.monotonicMs()));
  }

  /**
   * Something was dropped for the connection, for its client left too much unread. It is taken off the feed until it has read
   * what is there, and then goes on from its cursor, at a slower pace.
   */
  async leftUnread(): Promise<void> {
    const link = this.#link;
    if (link.state.name !== 'welcomed' || link.state.feed !== 'live') return;
    this.#set(leftUnread(this.#gauge), link.state);
    link.unfollow();
    link.change(leaveFeed);
    await link.allRead();
    link.send({ type: 'tier', everyMs: this.tierMs });
    link.send({ type: 'behind' });
  }

  /** Changes over to another tier without a gap: what waits in the old one is sent first, what waits in the new one overlaps. */
  #change(gauge: TierGauge): void {
    const { state, context } = this.#link;
    if (state.name !== 'welcomed' || state.feed !== 'live') return;
    const before = this.tierMs;
    this.#set(gauge, state);
    if (gauge.tierMs === before) return;
    if (before === 0) context.feeds.flush(state.workspace);
    else context.feeds.flushTier(state.workspace, before);
    this.#link.unfollow();
    this.#link.follow(state.workspace, gauge.tierMs);
    this.#link.send({ type: 'tier', everyMs: gauge.tierMs });
  }

  #set(gauge: TierGauge, state: Welcomed): void {
    const before = this.tierMs;
    this.#gauge = gauge;
    this.#link.tierMs = gauge.tierMs;
    if (gauge.tierMs !== before) logPaced(this.#link, state, before);
  }
}
