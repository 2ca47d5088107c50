import type { BusFrame, BusRange, FeedHeads, FeedReader, FeedReaderOptions } from '@meldesync/bus';
import type { FeedPosition, FeedState } from '@meldesync/db';
import { type FramePosition, ORIGIN, type TierMs } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { CodedError } from '../coded-error.ts';
import type { NodeRuntime } from '../runtime.ts';
import { createFanout } from './fanout.ts';
import { RecentRoom } from './recent-frames.ts';
import { createTierFanout, type SlowTierMs } from './tier-fanout.ts';
import { WorkspaceFeed } from './workspace-feed.ts';

/** What the database says of the feed. */
export interface FeedFacts {
  /** Undefined before the first relay ran. */
  state(): Promise<FeedState | undefined>;
  /** Where a workspace's feed stood at the confirmed LSN; undefined where that is not known yet. */
  position(workspace: string): Promise<FeedPosition | undefined>;
}

/** The sockets that get the frames of a workspace, by tier. */
interface FeedAudience {
  publish(workspace: string, tierMs: TierMs, message: string): void;
  count(workspace: string, tierMs: TierMs): number;
}

/** What the feeds hear from the bus. */
export type FeedListener = Pick<FeedReaderOptions, 'onFrame' | 'onRange' | 'onResubscribed'>;

/** Frames of a workspace that have been given to so many sockets of a tier, as one message. */
interface Flushed {
  readonly workspace: string;
  readonly frames: readonly BusFrame[];
  readonly tierMs: TierMs;
  readonly sockets: number;
}

export interface FeedsOptions {
  readonly facts: FeedFacts;
  /** Connects to the bus: for reading, and to be told of what comes. Called once. */
  readonly openReader: (listener: FeedListener) => FeedReader;
  readonly audience: FeedAudience;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  /** Frames go to the live sockets of a workspace, so many at once. */
  readonly onFrames: (frames: number, sockets: number) => void;
  /** Frames have been given to sockets. */
  readonly onFlushed: (flushed: Flushed) => void;
  /** So many frames go to the clients of a slower tier as part of another. */
  readonly onMerged: (tierMs: SlowTierMs, frames: number) => void;
  /** The live clients of a workspace must take a snapshot. */
  readonly reset: (workspace: string, reason: 'epoch' | 'too-old') => void;
}

/** Who follows a feed is told of where it stands so often that one that says nothing for so long tells no more. */
const TOLD_LATELY_MS = 4_000;
/** So many feeds are compared with their streams each time, in turn, where the relay says which have moved. */
const COMPARED_IN_TURN = 2;

/** There is no feed yet: no relay has run. */
export class FeedNotReadyError extends CodedError {
  constructor() {
    super('unavailable', 'the feed has no epoch yet; is the relay running?');
  }
}

/** The feeds this node follows, opened when first needed, until they are closed. */
export class Feeds implements Disposable {
  readonly #options: FeedsOptions;
  readonly #reader: FeedReader;
  readonly #opening = new Map<string, Promise<WorkspaceFeed>>();
  readonly #room = new RecentRoom();
  readonly #known = new Map<string, WorkspaceFeed>();
  /** When each was needed last, in monotonic milliseconds. */
  readonly #usedAt = new Map<string, number>();
  /** Those whose turn to be compared is still to come. */
  #turn: string[] = [];
  /** When the relay said last which feeds have moved. */
  #toldAt = Number.NEGATIVE_INFINITY;
  #renewing = false;
  #isEpochInDoubt = false;
  #isAsking = false;
  /** How often a frame of another epoch came, and how many of these times Postgres has said since which epoch it is. */
  #doubts = 0;
  #settledDoubts = 0;

  constructor(options: FeedsOptions) {
    this.#options = options;
    this.#reader = options.openReader({
      onFrame: (workspace, frame) => this.#receive(workspace, frame),
      onRange: (workspace, range) => this.#receive(workspace, range),
      onResubscribed: () => this.compare(),
    });
  }

  /** The feed of a workspace. Throws `FeedNotReadyError` while there is none. */
  async open(workspace: string): Promise<WorkspaceFeed> {
    this.use(workspace);
    const opening = this.#opening.get(workspace) ?? this.#open(workspace);
    this.#opening.set(workspace, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#opening.get(workspace) === opening) {
        this.#opening.delete(workspace);
        this.#usedAt.delete(workspace);
      }
      throw error;
    }
  }

  /** A feed is needed now. */
  use(workspace: string): void {
    this.#usedAt.set(workspace, this.#options.runtime.monotonicMs());
  }

  /** The feeds that are followed and have not been needed for so long. */
  unusedFor(ms: number): string[] {
    const since = this.#options.runtime.monotonicMs() - ms;
    return [...this.#known.keys()].filter((workspace) => (this.#usedAt.get(workspace) ?? since) <= since);
  }

  /** Follows a feed no longer, and keeps nothing of it; it is opened anew when it is needed again. */
  close(workspace: string): void {
    this.#known.get(workspace)?.close();
    for (const part of [this.#known, this.#opening, this.#usedAt]) part.delete(workspace);
    this.#reader.unfollow(workspace);
  }

  /**
   * The relay says where the feeds stand that have moved lately: this node has heard that much, or something was dropped. It also says of
   * which epoch they are, so that nobody else is to be asked.
   */
  toldOf({ epoch, heads }: FeedHeads): void {
    const [any] = this.#known.values();
    if (any && any.epoch !== epoch) return this.#doubtEpoch();
    this.#toldAt = this.#options.runtime.monotonicMs();
    for (const [workspace, head] of Object.entries(heads)) this.#known.get(workspace)?.reach(epoch, head);
  }

  /**
   * Frames of another epoch came, and Postgres has not said yet which it is: what happens is heard and given to nobody, for as long as
   * Postgres does not answer.
   */
  get isInDoubt(): boolean {
    return this.#settledDoubts < this.#doubts;
  }

  /** Gives what is queued for a workspace to its live clients now; where they stand then, undefined without a feed. */
  flush(workspace: string): FramePosition | undefined {
    return this.#known.get(workspace)?.flush();
  }

  /** Gives what waits for a slower tier to its clients now. */
  flushTier(workspace: string, tierMs: SlowTierMs): void {
    this.#known.get(workspace)?.flushTier(tierMs);
  }

  /**
   * Compares what the relay does not tell of: all feeds where it does not say which have moved, else some in their turn. Does so beside what
   * goes on.
   */
  compareSome(): void {
    const isTold = this.#options.runtime.monotonicMs() - this.#toldAt < TOLD_LATELY_MS;
    if (isTold) this.#inBackground(this.#catchUp(this.#nextInTurn()));
    else this.compare();
  }

  /** Does so with all of them. */
  compare(): void {
    this.#inBackground(this.catchUpAll());
  }

  /**
   * Compares every feed with its stream: the bus may have dropped something without a word. A new epoch is noticed here
   * too, for a workspace may lack changes of which no frame will ever tell.
   */
  async catchUpAll(): Promise<void> {
    if (this.#known.size === 0 || (await this.#renewIfNew())) return;
    await this.#catchUp(this.#known.keys());
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }

  #inBackground(comparing: Promise<void>): void {
    comparing.catch((error: unknown) => this.#options.logger.event('stream-not-compared', { err: error }));
  }

  async #catchUp(workspaces: Iterable<string>): Promise<void> {
    await Promise.all([...workspaces].map(async (workspace) => this.#known.get(workspace)?.catchUp()));
  }

  #nextInTurn(): string[] {
    if (this.#turn.length === 0) this.#turn = [...this.#known.keys()];
    return this.#turn.splice(0, COMPARED_IN_TURN);
  }

  /** Takes a frame, or a range of them, from the bus. */
  #receive(workspace: string, message: BusFrame | BusRange): void {
    this.#known.get(workspace)?.receive(message);
  }

  async #open(workspace: string): Promise<WorkspaceFeed> {
    const { facts, logger, audience, runtime, reset, onFrames, onFlushed, onMerged } = this.#options;
    const state = await facts.state();
    if (!state) throw new FeedNotReadyError();
    return WorkspaceFeed.open(
      {
        workspace,
        epoch: state.epoch,
        reader: this.#reader,
        room: this.#room,
        fanout: createFanout({
          publish: (message, frameCount, frames) => {
            const sockets = audience.count(workspace, 0);
            onFrames(frameCount, sockets);
            audience.publish(workspace, 0, message);
            onFlushed({ workspace, frames, tierMs: 0, sockets });
          },
          liveCount: () => audience.count(workspace, 0),
          runtime,
        }),
        tiers: createTierFanout({
          publish: (tierMs, message, frames) => {
            audience.publish(workspace, tierMs, message);
            onFlushed({ workspace, frames, tierMs, sockets: audience.count(workspace, tierMs) });
          },
          onMerged,
          count: (tierMs) => audience.count(workspace, tierMs),
          runtime,
        }),
        confirmedPosition: async () => {
          const known = await facts.position(workspace);
          return known ?? { position: ORIGIN, checksum: state.baseSnapshot === null ? null : 0 };
        },
        onBroken: () => {
          logger.event('stream-gap', { workspace });
          reset(workspace, 'too-old');
        },
        onForeignEpoch: () => this.#doubtEpoch(),
        onError: (error) => logger.event('stream-unread', { err: error, workspace }),
        runtime,
      },
      (feed) => this.#known.set(workspace, feed),
    );
  }

  /**
   * A frame of another epoch came: the first of a new one, or one of the old that a relay still sent which did not know yet
   * that it is replaced. What comes while Postgres is asked may be news to it, so it is asked once more.
   */
  #doubtEpoch(): void {
    this.#doubts += 1;
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
      .catch((error: unknown) => this.#options.logger.event('epoch-unread', { err: error }))
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** Opens the feeds anew if they are of an epoch that is over; whether they were. */
  async #renewIfNew(): Promise<boolean> {
    const doubts = this.#doubts;
    const state = await this.#options.facts.state();
    this.#settledDoubts = Math.max(this.#settledDoubts, doubts);
    const isNew = state !== undefined && [...this.#known.values()].some((feed) => feed.epoch !== state.epoch);
    if (isNew) this.#renew();
    return isNew;
  }

  /** A new epoch has begun: every feed is opened anew and every client takes a snapshot. */
  #renew(): void {
    if (this.#renewing) return;
    this.#renewing = true;
    const workspaces = [...this.#known.keys()];
    for (const feed of this.#known.values()) feed.close();
    this.#known.clear();
    this.#opening.clear();
    this.#options.logger.event('epoch-heard', {});
    Promise.all(workspaces.map((workspace) => this.open(workspace)))
      .catch((error: unknown) => {
        // The epoch after it may be over already: whoever comes next opens what then is.
        const level = error instanceof FeedNotReadyError ? 'warn' : 'error';
        this.#options.logger.event('feed-not-reopened', { err: error }, level);
      })
      .finally(() => {
        this.#renewing = false;
        for (const workspace of workspaces) this.#options.reset(workspace, 'epoch');
      });
  }
}
