import type { AppendAnswer, FeedPublisher } from '@meldesync/bus';
import type { FeedPosition } from '@meldesync/db';
import { comparePositions, type FramePosition, ORIGIN } from '@meldesync/protocol';
import { Checksums } from './checksums.ts';
import type { BuiltFrame } from './frame-builder.ts';

/** How many frames may be on their way to Redis before replication is told to wait. */
const MAX_IN_FLIGHT = 2_000;

export interface PassPublisherOptions {
  readonly feed: FeedPublisher;
  readonly epoch: string;
  /** Where each workspace's feed stands when the pass starts. */
  readonly positions: ReadonlyMap<string, FeedPosition>;
  /** What the checksums of the epoch's beginning hold already. */
  readonly baseSnapshot: string | null;
  /** `seconds` from sending the frame to this answer. */
  readonly onAnswer: (answer: AppendAnswer, frame: BuiltFrame, seconds: number) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Sends the frames of one pass over the WAL to Redis, each naming the one before it. Frames are pipelined: when one is
 * refused because Redis lost entries, all behind it are refused too, and the pass is repeated from the confirmed
 * position.
 */
export class PassPublisher {
  readonly #options: PassPublisherOptions;
  readonly #positions: Map<string, FramePosition>;
  readonly #checksums: Checksums;
  readonly #seen = new Set<string>();
  readonly #moved = new Set<string>();
  readonly #inFlight = new Set<Promise<void>>();

  constructor(options: PassPublisherOptions) {
    this.#options = options;
    this.#positions = new Map([...options.positions].map(([workspace, { position }]) => [workspace, position]));
    this.#checksums = new Checksums(options);
  }

  /** Sends a frame; false when it lies before the start of the pass and is left out. */
  publish(frame: BuiltFrame): boolean {
    const { feed, epoch, onAnswer, onError } = this.#options;
    const prev = this.#positions.get(frame.workspace) ?? ORIGIN;
    if (comparePositions(frame.id, prev) <= 0) return false;
    // What lies before the first frame of a pass cannot be had from the WAL any more: if Redis lacks it, the stream
    // begins anew here and clients behind it take a snapshot. A later frame must join on, or the pass is repeated.
    const mayRestart = !this.#seen.has(frame.workspace);
    this.#seen.add(frame.workspace);
    this.#positions.set(frame.workspace, frame.id);
    this.#moved.add(frame.workspace);
    const sum = this.#checksums.advance(frame.workspace, frame.txid, frame.checksumDelta);
    const json = `{"id":"${frame.id}","prev":"${prev}","changes":[${frame.changesJson}]${sum === null ? '' : `,"sum":${sum}`}}`;
    const sentAt = performance.now();
    const append = feed
      .append(frame.workspace, { epoch, id: frame.id, prev, txid: frame.txid, json }, { mayRestart })
      .then((answer) => onAnswer(answer, frame, (performance.now() - sentAt) / 1_000), onError)
      .finally(() => this.#inFlight.delete(append));
    this.#inFlight.add(append);
    return true;
  }

  /** Workspaces that have a feed. */
  workspaces(): Iterable<string> {
    return this.#positions.keys();
  }

  /** Where the feeds stand that have moved since the last call. */
  takeMoved(): Map<string, FramePosition> {
    const moved = new Map([...this.#moved].map((workspace) => [workspace, this.#positions.get(workspace) ?? ORIGIN]));
    this.#moved.clear();
    return moved;
  }

  /** Checksum of a workspace at the last frame sent. */
  checksum(workspace: string): number | null {
    return this.#checksums.of(workspace);
  }

  /** Resolves at once while Redis keeps up, otherwise when it has caught up. */
  async throttle(): Promise<void> {
    if (this.#inFlight.size > MAX_IN_FLIGHT) await this.settled();
  }

  /** Resolves when every frame sent so far has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }
}
