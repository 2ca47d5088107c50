import type { BusFrame, BusRange, FeedReader } from '@meldesync/bus';
import type { FeedPosition } from '@meldesync/db';
import { withTimeout } from '@meldesync/lifecycle';
import { comparePositions, type FramePosition } from '@meldesync/protocol';
import type { NodeRuntime } from '../runtime.ts';
import type { Fanout } from './fanout.ts';
import { RecentFrames, type RecentRoom } from './recent-frames.ts';
import { bounded, isPushed, type Step, stepEnd, stepStart, toRange } from './steps.ts';
import type { SlowTierMs, TierFanout } from './tier-fanout.ts';

/** Frames of a page of the stream: each may be as large as a message. */
const PAGE_FRAMES = 100;
const OPENING_FRAMES = 64;
/** How long Redis is waited for where a workspace is opened; what is missing then comes when it answers. */
const OPENING_LIMIT_MS = 1_500;

export interface WorkspaceFeedOptions {
  readonly workspace: string;
  readonly epoch: string;
  readonly reader: FeedReader;
  readonly fanout: Fanout;
  readonly tiers: TierFanout;
  /** For the frames that are kept in memory. */
  readonly room: RecentRoom;
  /** Where the relay confirmed the workspace last; where a feed stands of which Redis knows nothing. */
  readonly confirmedPosition: () => Promise<FeedPosition>;
  /** The stream cannot be continued from where this node stands: live clients need a snapshot. */
  readonly onBroken: () => void;
  /** A frame of another epoch arrived, a new one or one that is over. */
  readonly onForeignEpoch: () => void;
  readonly onError: (error: unknown) => void;
  readonly runtime: Pick<NodeRuntime, 'after'>;
}

/**
 * A node's view of one workspace's feed: where it stands, and the frames that come. Each frame must name the one this
 * node has; where it does not, the gap is filled from the stream before anything goes on (R1.1, R4.2). The frames of large
 * transactions stay in the stream: this node knows where they are and tells its clients (R3.5).
 */
export class WorkspaceFeed {
  readonly epoch: string;
  readonly recent: RecentFrames;
  readonly #options: WorkspaceFeedOptions;
  #position: FramePosition;
  #checksum: number | null;
  #waiting: (BusFrame | BusRange)[] = [];
  #filling: Promise<void> | undefined;
  /** Whether Redis has taken the subscription; it is made again by itself after that. */
  #isFollowed = false;
  #isClosed = false;

  private constructor(options: WorkspaceFeedOptions, { position, checksum }: FeedPosition) {
    this.#options = options;
    this.epoch = options.epoch;
    this.recent = new RecentFrames(options.room);
    this.#position = position;
    this.#checksum = checksum;
  }

  /** Begins to follow a workspace. `register` makes the feed known to whoever hands it frames, before any is heard. */
  static async open(options: WorkspaceFeedOptions, register: (feed: WorkspaceFeed) => void): Promise<WorkspaceFeed> {
    const { reader, workspace, epoch } = options;
    const feed = new WorkspaceFeed(options, await options.confirmedPosition());
    register(feed);
    // What is heard from here on waits until the start position is known.
    let isLate = false;
    const filling = (async () => {
      await feed.#follow();
      const newest = await reader.newest(epoch, workspace, OPENING_FRAMES);
      // By now clients may stand where this feed stood: they get what lies between.
      if (isLate) return feed.#fill();
      const last = newest.at(-1);
      if (!last || comparePositions(last.id, feed.#position) < 0) return;
      feed.#stand(last);
      // A snapshot taken now must hold these too. Where one was deleted from within the stream they begin behind it.
      for (const frame of newest) {
        if (frame.prev !== feed.recent.end) feed.recent.clear();
        feed.#keep(bounded(frame));
      }
    })();
    const filled = filling.finally(() => {
      feed.#filling = undefined;
      feed.#takeWaiting();
    });
    feed.#filling = filled;
    filled.catch(options.onError);
    // Without Redis the feed stands where the relay confirmed it last, and goes on from there when Redis answers.
    await withTimeout(
      filled.catch(() => undefined),
      OPENING_LIMIT_MS,
      () => {
        isLate = true;
      },
      options.runtime,
    );
    return feed;
  }

  /** Everything up to here has been given to the live clients. */
  get position(): FramePosition {
    return this.#position;
  }

  /** Checksum of the workspace at `position`; null where it is not known. */
  get checksum(): number | null {
    return this.#checksum;
  }

  /** Gives what is queued to the live clients now; where they stand then. */
  flush(): FramePosition {
    this.#options.fanout.flush();
    return this.#position;
  }

  /** Gives what is queued to the clients of a slower tier now: they then stand where this node stands. */
  flushTier(tierMs: SlowTierMs): void {
    this.#options.tiers.flush(tierMs);
  }

  /** What is queued does not join on to what comes: live clients get it now, those of a slower tier get it no more. */
  cut(): void {
    this.#options.fanout.flush();
    this.#options.tiers.clear();
  }

  /** Nobody needs it any more. What was asked for before may still be read with it. */
  close(): void {
    this.cut();
    this.recent.clear();
    this.#isClosed = true;
  }

  /** The feed is as far as this: what is missing is read. */
  reach(epoch: string, head: FramePosition): void {
    if (epoch === this.epoch && comparePositions(head, this.#position) > 0) this.catchUp().catch(this.#options.onError);
  }

  /** Takes a frame, or a range of them, from the bus. */
  receive(message: BusFrame | BusRange): void {
    if (message.epoch !== this.epoch) {
      this.#options.onForeignEpoch();
      return;
    }
    if (this.#filling) {
      this.#waiting.push(message);
      return;
    }
    const step = 'from' in message ? { ...message, txids: [message.txid] } : bounded(message);
    if (comparePositions(stepEnd(step), this.#position) <= 0) return;
    if (stepStart(step) === this.#position) this.#accept(step);
    else this.catchUp().catch(this.#options.onError);
  }

  /** Reads on from the stream until this node has all that Redis holds. Calls under way are shared. */
  async catchUp(): Promise<void> {
    if (this.#filling) return this.#filling;
    const filling = this.#fill();
    this.#filling = filling;
    try {
      await filling;
    } finally {
      this.#filling = undefined;
      this.#takeWaiting();
    }
  }

  /** A page of the stream after a position, oldest first. */
  readAfter(position: FramePosition, limit = PAGE_FRAMES): Promise<BusFrame[]> {
    return this.#options.reader.range(this.epoch, this.#options.workspace, position, limit);
  }

  /** How many changes the stream holds after a position; undefined when it does not reach back that far. */
  countAfter(position: FramePosition): Promise<number | undefined> {
    return this.#options.reader.countAfter(this.epoch, this.#options.workspace, position);
  }

  async #follow(): Promise<void> {
    if (this.#isFollowed || this.#isClosed) return;
    const { reader, workspace } = this.#options;
    await reader.follow(workspace);
    this.#isFollowed = true;
  }

  async #fill(): Promise<void> {
    await this.#follow();
    for (;;) {
      const frames = await this.readAfter(this.#position);
      const broken = this.#joinsOn(frames);
      this.#acceptAll(frames.slice(0, broken));
      for (const frame of frames.slice(broken)) {
        if (frame.prev === this.#position) this.#accept(bounded(frame));
        else this.#jumpTo(frame);
      }
      if (frames.length < PAGE_FRAMES) return;
    }
  }

  /** How many of the frames follow on each other from where this node stands. */
  #joinsOn(frames: readonly BusFrame[]): number {
    const broken = frames.findIndex(({ prev }, index) => prev !== (frames[index - 1]?.id ?? this.#position));
    return broken < 0 ? frames.length : broken;
  }

  /** Large transactions of which nobody told, or a long time without the bus: more than is pushed. */
  #acceptAll(frames: readonly BusFrame[]): void {
    const range = toRange(frames);
    if (!range) return;
    const characters = frames.reduce((sum, { json }) => sum + json.length, 0);
    if (!isPushed({ changes: range.changes, characters })) this.#accept(range);
    else for (const frame of frames) this.#accept(frame);
  }

  /** The frames between are gone from the stream: nobody who stands before them can be served from here. */
  #jumpTo(frame: BusFrame): void {
    this.cut();
    this.recent.clear();
    this.#stand(frame);
    this.#keep(bounded(frame));
    if (!this.#isClosed) this.#options.onBroken();
  }

  #accept(step: Step): void {
    this.#stand(step);
    this.#keep(step);
    if (this.#isClosed) return;
    this.#options.fanout.send(step);
    this.#options.tiers.send(step);
  }

  #keep(step: Step): void {
    if (!this.#isClosed) this.recent.push(step);
  }

  #stand(step: Step): void {
    this.#position = stepEnd(step);
    this.#checksum = step.checksum;
  }

  #takeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.receive(message);
  }
}
