import type { BusFrame, FeedReader } from '@meldesync/bus';
import type { FeedPosition } from '@meldesync/db';
import { comparePositions, type FramePosition } from '@meldesync/protocol';
import type { Fanout } from './fanout.ts';
import { RecentFrames } from './recent-frames.ts';
import type { SlowTierMs, TierFanout } from './tier-fanout.ts';

const RANGE_LIMIT = 500;
const OPENING_FRAMES = 256;

export interface WorkspaceFeedOptions {
  readonly workspace: string;
  readonly epoch: string;
  readonly reader: FeedReader;
  readonly fanout: Fanout;
  readonly tiers: TierFanout;
  /** Where the relay confirmed the workspace last; where a feed stands of which Redis knows nothing. */
  readonly confirmedPosition: () => Promise<FeedPosition>;
  /** The stream cannot be continued from where this node stands: live clients need a snapshot. */
  readonly onBroken: () => void;
  /** A frame of another epoch arrived. */
  readonly onForeignEpoch: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * A node's view of one workspace's feed: where it stands, and the frames that come. Each frame must name the one this
 * node has; where it does not, the gap is filled from the stream before anything goes on (R1.1, R4.2).
 */
export class WorkspaceFeed {
  readonly epoch: string;
  readonly recent = new RecentFrames();
  readonly #options: WorkspaceFeedOptions;
  #position: FramePosition;
  #checksum: number | null;
  #waiting: BusFrame[] = [];
  #filling: Promise<void> | undefined;

  private constructor(options: WorkspaceFeedOptions, { position, checksum }: FeedPosition) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#position = position;
    this.#checksum = checksum;
  }

  /** Begins to follow a workspace. `register` makes the feed known to whoever hands it frames, before any is heard. */
  static async open(options: WorkspaceFeedOptions, register: (feed: WorkspaceFeed) => void): Promise<WorkspaceFeed> {
    const { reader, workspace, epoch } = options;
    const feed = new WorkspaceFeed(options, await options.confirmedPosition());
    register(feed);
    // What is heard from here on waits until the start position is known.
    feed.#filling = (async () => {
      await reader.follow(workspace);
      const newest = await reader.newest(epoch, workspace, OPENING_FRAMES);
      const last = newest.at(-1);
      if (!last || comparePositions(last.id, feed.#position) < 0) return;
      feed.#stand(last);
      // A snapshot taken now must hold these too.
      for (const frame of newest) feed.recent.push(frame);
    })();
    try {
      await feed.#filling;
    } finally {
      feed.#filling = undefined;
      feed.#takeWaiting();
    }
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

  /** Takes a frame from the bus. */
  receive(frame: BusFrame): void {
    if (frame.epoch !== this.epoch) {
      this.#options.onForeignEpoch();
      return;
    }
    if (this.#filling) {
      this.#waiting.push(frame);
      return;
    }
    if (comparePositions(frame.id, this.#position) <= 0) return;
    if (frame.prev === this.#position) this.#accept(frame);
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
  readAfter(position: FramePosition): Promise<BusFrame[]> {
    return this.#options.reader.range(this.epoch, this.#options.workspace, position, RANGE_LIMIT);
  }

  async #fill(): Promise<void> {
    for (;;) {
      const frames = await this.readAfter(this.#position);
      for (const frame of frames) {
        if (frame.prev === this.#position) this.#accept(frame);
        else this.#jumpTo(frame);
      }
      if (frames.length < RANGE_LIMIT) return;
    }
  }

  /** The frames between are gone from the stream: nobody who stands before them can be served from here. */
  #jumpTo(frame: BusFrame): void {
    this.recent.clear();
    this.#stand(frame);
    this.recent.push(frame);
    this.#options.onBroken();
  }

  #accept(frame: BusFrame): void {
    this.#stand(frame);
    this.recent.push(frame);
    this.#options.fanout.send(frame.json);
    this.#options.tiers.send(frame);
  }

  #stand(frame: BusFrame): void {
    this.#position = frame.id;
    // The relay writes it last; the rest of the frame is none of the node's business.
    const sum = /,"sum":(\d+)\}$/.exec(frame.json)?.[1];
    this.#checksum = sum === undefined ? null : Number(sum);
  }

  #takeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const frame of waiting) this.receive(frame);
  }
}
