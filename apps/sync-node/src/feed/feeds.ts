import type { BusFrame, BusRange, FeedReader } from '@meldesync/bus';
import type { FeedPosition, FeedState } from '@meldesync/db';
import { type FramePosition, ORIGIN } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { createFanout } from './fanout.ts';
import { createTierFanout, type SlowTierMs } from './tier-fanout.ts';
import { WorkspaceFeed } from './workspace-feed.ts';

/** What the database says of the feed. */
export interface FeedFacts {
  /** Undefined before the first relay ran. */
  state(): Promise<FeedState | undefined>;
  /** Where each workspace's feed stood at the confirmed LSN. */
  positions(): Promise<ReadonlyMap<string, FeedPosition>>;
}

export interface FeedsOptions {
  readonly facts: FeedFacts;
  readonly reader: FeedReader;
  readonly logger: Logger;
  /** Gives a text to all live sockets of a workspace. */
  readonly publish: (workspace: string, message: string, frameCount: number) => void;
  /** How many live sockets a workspace has on this node. */
  readonly liveCount: (workspace: string) => number;
  /** Gives a text to all sockets of a workspace in a slower tier, and how many there are. */
  readonly publishTier: (workspace: string, tierMs: SlowTierMs, message: string) => void;
  readonly tierCount: (workspace: string, tierMs: SlowTierMs) => number;
  /** The live clients of a workspace must take a snapshot. */
  readonly reset: (workspace: string, reason: 'epoch' | 'too-old') => void;
}

/** There is no feed yet: no relay has run. Passes by itself. */
export class FeedNotReadyError extends Error {
  constructor() {
    super('the feed has no epoch yet; is the relay running?');
    this.name = 'FeedNotReadyError';
  }
}

/** The feeds this node follows, opened when first needed and kept. */
export class Feeds {
  readonly #options: FeedsOptions;
  readonly #opening = new Map<string, Promise<WorkspaceFeed>>();
  readonly #known = new Map<string, WorkspaceFeed>();
  #renewing = false;
  #isEpochInDoubt = false;
  #isAsking = false;

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  /** The feed of a workspace. Throws `FeedNotReadyError` while there is none. */
  async open(workspace: string): Promise<WorkspaceFeed> {
    const opening = this.#opening.get(workspace) ?? this.#open(workspace);
    this.#opening.set(workspace, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#opening.get(workspace) === opening) this.#opening.delete(workspace);
      throw error;
    }
  }

  /** Gives what is queued for a workspace to its live clients now; where they stand then, undefined without a feed. */
  flush(workspace: string): FramePosition | undefined {
    return this.#known.get(workspace)?.flush();
  }

  /** Gives what waits for a slower tier to its clients now. */
  flushTier(workspace: string, tierMs: SlowTierMs): void {
    this.#known.get(workspace)?.flushTier(tierMs);
  }

  /** Takes a frame, or a range of them, from the bus. */
  receive(workspace: string, message: BusFrame | BusRange): void {
    this.#known.get(workspace)?.receive(message);
  }

  /**
   * Compares every feed with its stream: the bus may have dropped something without a word. A new epoch is noticed here
   * too, for a workspace may lack changes of which no frame will ever tell.
   */
  async catchUpAll(): Promise<void> {
    if (this.#known.size === 0 || (await this.#renewIfNew())) return;
    await Promise.all([...this.#known.values()].map((feed) => feed.catchUp()));
  }

  async #open(workspace: string): Promise<WorkspaceFeed> {
    const { facts, reader, logger, publish, liveCount, publishTier, tierCount, reset } = this.#options;
    const state = await facts.state();
    if (!state) throw new FeedNotReadyError();
    return WorkspaceFeed.open(
      {
        workspace,
        epoch: state.epoch,
        reader,
        fanout: createFanout({
          publish: (message, frameCount) => publish(workspace, message, frameCount),
          liveCount: () => liveCount(workspace),
        }),
        tiers: createTierFanout({
          publish: (tierMs, message) => publishTier(workspace, tierMs, message),
          count: (tierMs) => tierCount(workspace, tierMs),
        }),
        confirmedPosition: async () => {
          const known = (await facts.positions()).get(workspace);
          if (known) return known;
          return { position: ORIGIN, checksum: state.baseSnapshot === null ? null : 0 };
        },
        onBroken: () => {
          logger.warn({ workspace }, 'the stream has a gap that Redis cannot fill; clients take a snapshot');
          reset(workspace, 'too-old');
        },
        onForeignEpoch: () => this.#doubtEpoch(),
        onError: (error) => logger.error({ err: error, workspace }, 'could not read the stream'),
      },
      (feed) => this.#known.set(workspace, feed),
    );
  }

  /**
   * A frame of another epoch came: the first of a new one, or one of the old that a relay still sent which did not know yet
   * that it is replaced. What comes while Postgres is asked may be news to it, so it is asked once more.
   */
  #doubtEpoch(): void {
    this.#isEpochInDoubt = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    const ask = async (): Promise<void> => {
      while (this.#isEpochInDoubt) {
        this.#isEpochInDoubt = false;
        await this.#renewIfNew();
      }
    };
    ask()
      .catch((error: unknown) => this.#options.logger.error({ err: error }, 'could not read the epoch'))
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** Opens the feeds anew if they are of an epoch that is over; whether they were. */
  async #renewIfNew(): Promise<boolean> {
    const state = await this.#options.facts.state();
    const isNew = state !== undefined && [...this.#known.values()].some((feed) => feed.epoch !== state.epoch);
    if (isNew) this.#renew();
    return isNew;
  }

  /** A new epoch has begun: every feed is opened anew and every client takes a snapshot. */
  #renew(): void {
    if (this.#renewing) return;
    this.#renewing = true;
    const workspaces = [...this.#known.keys()];
    for (const feed of this.#known.values()) feed.cut();
    this.#known.clear();
    this.#opening.clear();
    this.#options.logger.warn('the feed has a new epoch');
    Promise.all(workspaces.map((workspace) => this.open(workspace)))
      .catch((error: unknown) => this.#options.logger.error({ err: error }, 'could not open the feed anew'))
      .finally(() => {
        this.#renewing = false;
        for (const workspace of workspaces) this.#options.reset(workspace, 'epoch');
      });
  }
}
