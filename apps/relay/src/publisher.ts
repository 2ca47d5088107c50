import type { AppendAnswer, AppendOptions, FeedHeads, FeedPublisher } from '@meldesync/bus';
import type { FeedPosition } from '@meldesync/db';
import { comparePositions, type FramePosition, ORIGIN } from '@meldesync/protocol';
import { Checksums } from './checksums.ts';
import type { BuiltFrame } from './frame-builder.ts';
import { type FrameJourney, type FrameJourneys, type FrameOrigin, wayJson, wayOf } from './frame-journey.ts';
import { MovedFeeds } from './moved-feeds.ts';

/** How much may be on its way to Redis before replication is told to wait: frames, and characters of them. */
const MAX_IN_FLIGHT = 2_000;
const MAX_IN_FLIGHT_CHARACTERS = 4 * 1024 * 1024;
/**
 * A longer frame is told of like those of a large transaction: Redis breaks the connection of whoever has too much to read, and with it
 * every workspace of that node.
 */
const MAX_TOLD_CHARACTERS = 256 * 1024;

export interface PassPublisherOptions {
  readonly feed: FeedPublisher;
  readonly epoch: string;
  /** Where each workspace's feed stands when the pass starts. */
  readonly positions: ReadonlyMap<string, FeedPosition>;
  /** What the checksums of the epoch's beginning hold already. */
  readonly baseSnapshot: string | null;
  readonly onAnswer: (answer: AppendAnswer, frame: BuiltFrame) => void;
  /** A frame of so many characters is on its way. */
  readonly onSent?: (characters: number) => void;
  /** Follows the frames; nobody does where it is absent. */
  readonly journeys?: Pick<FrameJourneys, 'depart' | 'arrived'>;
  readonly onError: (error: Error) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Sends the frames of one pass over the WAL to Redis, each naming the one before it. They are sent without waiting for
 * answers: when Redis refuses one because it lost entries, it refuses all later ones too, and another pass begins at the
 * confirmed position.
 */
export class PassPublisher {
  readonly #options: PassPublisherOptions;
  readonly #positions: Map<string, FramePosition>;
  readonly #checksums: Checksums;
  readonly #seen = new Set<string>();
  /** What Redis has not answered yet, the oldest first: when it was sent, and when its commit was made. */
  readonly #inFlight = new Map<Promise<void>, { readonly sentAt: number; readonly committedAt: number | undefined }>();
  #inFlightCharacters = 0;
  readonly #moved = new MovedFeeds();
  /** Large transactions of which not all frames have been sent, by workspace: position before the first, changes so far. */
  readonly #ranges = new Map<string, { readonly from: FramePosition; readonly changes: number }>();

  constructor(options: PassPublisherOptions) {
    this.#options = options;
    this.#positions = new Map([...options.positions].map(([workspace, { position }]) => [workspace, position]));
    this.#checksums = new Checksums(options);
  }

  /** Sends a frame; false when it lies before the start of the pass and is left out. */
  publish(frame: BuiltFrame, origin?: FrameOrigin): boolean {
    const { feed, epoch, journeys, onAnswer, onError, now } = this.#options;
    const prev = this.#positions.get(frame.workspace) ?? ORIGIN;
    if (comparePositions(frame.id, prev) <= 0) return false;
    // What came before a workspace's first frame of the pass is not read from the WAL again. If Redis lacks it, the stream
    // begins anew with this frame, and clients that stand before it take a snapshot. Later frames must join on.
    const mayRestart = !this.#seen.has(frame.workspace);
    this.#seen.add(frame.workspace);
    this.#positions.set(frame.workspace, frame.id);
    const checksum = this.#checksums.advance(frame.workspace, frame.txid, frame.checksumDelta);
    const sum = checksum === null ? '' : `,"sum":${checksum}`;
    const journey: FrameJourney | undefined = origin && journeys?.depart(origin);
    const told = journey ? wayJson(journey) : '';
    const json = `{"id":"${frame.id}","prev":"${prev}","changes":[${frame.changesJson}]${sum}${told}}`;
    const way = journey ? { way: wayOf(journey) } : {};
    const sentAt = now();
    this.#moved.note(frame.workspace, frame.id, sentAt);
    const append = feed
      .append(
        frame.workspace,
        { epoch, id: frame.id, prev, txid: frame.txid, changes: frame.changeCount, checksum, json, ...way },
        { mayRestart, tell: this.#tell(frame, prev, checksum) },
      )
      .then((answer) => {
        onAnswer(answer, frame);
        if (journey) journeys?.arrived(journey, frame, answer);
      }, onError)
      .finally(() => {
        this.#inFlight.delete(append);
        this.#inFlightCharacters -= json.length;
      });
    this.#inFlight.set(append, { sentAt, committedAt: origin?.committedAt });
    this.#inFlightCharacters += json.length;
    this.#options.onSent?.(json.length);
    return true;
  }

  /**
   * Where the feeds stand that have moved lately, for who is told of it behind their frames; undefined where they are too many. Of a large
   * transaction that is not over nothing is said: its frames are told of with its last.
   */
  moved(): FeedHeads | undefined {
    const heads = this.#moved.named(this.#options.now(), (workspace) => this.#ranges.has(workspace));
    return heads && { epoch: this.#options.epoch, heads };
  }

  /** When the oldest commit was made that Redis has not taken; undefined where there is none. */
  oldestCommitAt(): number | undefined {
    const [oldest] = this.#inFlight.values();
    return oldest?.committedAt;
  }

  /** Where the feed of each workspace stands now. */
  positions(): ReadonlyMap<string, FramePosition> {
    return this.#positions;
  }

  /** The last frame of a workspace that was sent in this pass. */
  sentPosition(workspace: string): FramePosition | undefined {
    return this.#seen.has(workspace) ? this.#positions.get(workspace) : undefined;
  }

  /** Checksum of a workspace at the last frame sent. */
  checksum(workspace: string): number | null {
    return this.#checksums.of(workspace);
  }

  /** What the nodes are told with the frame: of a large transaction once, when all of it is in the stream (R3.5). */
  #tell(frame: BuiltFrame, prev: FramePosition, checksum: number | null): NonNullable<AppendOptions['tell']> {
    if (frame.place === 'alone' && frame.changesJson.length <= MAX_TOLD_CHARACTERS) return 'frame';
    const before = this.#ranges.get(frame.workspace) ?? { from: prev, changes: 0 };
    const range = { from: before.from, changes: before.changes + frame.changeCount };
    if (frame.place === 'before-last') {
      this.#ranges.set(frame.workspace, range);
      return 'nothing';
    }
    this.#ranges.delete(frame.workspace);
    return { epoch: this.#options.epoch, to: frame.id, txid: frame.txid, checksum, ...range };
  }

  /** Resolves at once while Redis keeps up, otherwise when it has caught up. */
  async throttle(): Promise<void> {
    const isMuch = this.#inFlight.size > MAX_IN_FLIGHT || this.#inFlightCharacters > MAX_IN_FLIGHT_CHARACTERS;
    if (isMuch) await this.settled();
  }

  /** When the oldest frame was sent that Redis has not answered yet, in monotonic milliseconds; undefined while there is none. */
  oldestSentAt(): number | undefined {
    const [oldest] = this.#inFlight.values();
    return oldest?.sentAt;
  }

  /** Resolves when every frame sent so far has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight.keys());
  }
}
