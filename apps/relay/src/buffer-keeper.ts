import type { FeedMoment, StreamBuffer, StreamSize } from '@meldesync/bus';
import { comparePositions, type FramePosition, ORIGIN } from '@meldesync/protocol';

/** How far apart moments are noted: a frame may live that much longer than it should. */
const MOMENT_EVERY_MS = 60_000;
/** A moment is noted too when so much of what all streams may hold has come since the last one. */
const MOMENT_SHARE = 1 / 32;
/** What was too much is made less than what is allowed, so that it is not too much again at once. */
const SHRINK_TO = 0.9;
/** From this share of its memory on Redis is as good as full; below the other it has room again. */
const FULL_FROM = 0.9;
const ROOM_BELOW = 0.8;
/** However many moments there are, room is made in at most so many steps. */
const MOST_STEPS = 16;
/** Streams that are trimmed or measured at the same time. */
const AT_ONCE = 100;

/** Why frames went before they were too old: what all streams may hold, or what Redis may. */
type ShortenedBy = 'total' | 'memory';

export interface BufferKeeperOptions {
  readonly buffer: StreamBuffer;
  readonly epoch: string;
  /** Where each workspace's feed stands. */
  readonly positions: () => ReadonlyMap<string, FramePosition>;
  /** All frames of commits before this decimal LSN are in the streams, or on their way there. */
  readonly handledLsn: () => string;
  /** How long a frame is kept at most, and how many bytes of frames. */
  readonly ageMs: number;
  readonly totalBytes: number;
  readonly onDropped: (by: 'age' | ShortenedBy, frames: number) => void;
}

interface Measured extends StreamSize {
  /** Where the feed stood then. */
  readonly position: FramePosition;
}

/**
 * Keeps the streams of an epoch within what they may hold together: the oldest frames go first, of whichever workspace, since
 * positions are those of one log. What a stream holds at most by itself is kept where it is written.
 */
export class BufferKeeper {
  readonly #options: BufferKeeperOptions;
  readonly #measured = new Map<string, Measured>();
  #moments: FeedMoment[] = [];
  /** Bytes that were appended since the last moment, and since all streams were measured. */
  #sinceMoment = 0;
  #sinceMeasure = 0;
  #relieving: Promise<void> | undefined;

  constructor(options: BufferKeeperOptions) {
    this.#options = options;
  }

  /** Finds out what there is. */
  async begin(): Promise<void> {
    const { buffer, epoch, positions } = this.#options;
    this.#moments = await buffer.moments(epoch, [...positions().keys()]);
    await this.measure();
  }

  /** A frame of so many bytes is on its way. */
  appended(bytes: number): void {
    this.#sinceMoment += bytes;
    this.#sinceMeasure += bytes;
  }

  /** What all streams hold, as far as it was measured. */
  get size(): { readonly frames: number; readonly bytes: number } {
    let frames = 0;
    let bytes = 0;
    for (const one of this.#measured.values()) {
      frames += one.frames;
      bytes += one.bytes;
    }
    return { frames, bytes };
  }

  /** Drops what is too old, or too much. Called every second or so; `now` in epoch milliseconds. */
  async tend(now: number): Promise<void> {
    await this.#note(now);
    const { ageMs, totalBytes } = this.#options;
    const old = this.#moments.findLast(({ at }) => at <= now - ageMs);
    if (old) await this.#dropBefore(old, 'age');
    if (this.size.bytes + this.#sinceMeasure <= totalBytes) return;
    await this.measure();
    if (this.size.bytes > totalBytes)
      await this.#shorten('total', async () => this.size.bytes <= totalBytes * SHRINK_TO);
  }

  /** Makes room where Redis is full, or nearly so; calls under way are shared. Rejects where it does not answer. */
  relieve(): Promise<void> {
    this.#relieving ??= this.#relieve().finally(() => {
      this.#relieving = undefined;
    });
    return this.#relieving;
  }

  /** Measures the streams that have moved since they were measured. */
  async measure(): Promise<void> {
    const moved = [...this.#options.positions()].filter(
      ([workspace, position]) => position !== ORIGIN && this.#measured.get(workspace)?.position !== position,
    );
    this.#sinceMeasure = 0;
    await inParts(moved, (one) => this.#measure(...one));
  }

  async #relieve(): Promise<void> {
    const share = async () => {
      const { used, most } = await this.#options.buffer.memory();
      return most > 0 ? used / most : 0;
    };
    if ((await share()) >= FULL_FROM) await this.#shorten('memory', async () => (await share()) < ROOM_BELOW);
  }

  async #measure(workspace: string, position: FramePosition): Promise<void> {
    const { buffer, epoch } = this.#options;
    this.#measured.set(workspace, { ...(await buffer.size(epoch, workspace)), position });
  }

  async #note(now: number): Promise<void> {
    const { buffer, epoch, handledLsn, totalBytes } = this.#options;
    const last = this.#moments.at(-1);
    const isDue = !last || now - last.at >= MOMENT_EVERY_MS || this.#sinceMoment >= totalBytes * MOMENT_SHARE;
    const moment = { lsn: handledLsn(), at: now };
    // Where the log stands still, it stands since the first such moment.
    if (!isDue || (last && BigInt(moment.lsn) <= BigInt(last.lsn))) return;
    this.#sinceMoment = 0;
    this.#moments.push(moment);
    // A Redis that is full takes none: after a restart the frames until the next one count as younger than they are.
    await buffer.note(epoch, moment);
  }

  /** Drops the oldest frames, moment by moment, until it is enough or only the newest of each workspace are left. */
  async #shorten(by: ShortenedBy, isEnough: () => Promise<boolean>): Promise<void> {
    const { handledLsn } = this.#options;
    const now = Date.now();
    const steps = [...this.#moments, { lsn: handledLsn(), at: now }];
    const each = Math.ceil(steps.length / MOST_STEPS);
    for (let index = each - 1; index < steps.length + each - 1; index += each) {
      const step = steps[Math.min(index, steps.length - 1)];
      if (step) await this.#dropBefore(step, by);
      if (await isEnough()) return;
    }
  }

  async #dropBefore(moment: FeedMoment, by: 'age' | ShortenedBy): Promise<void> {
    const { buffer, epoch, positions, onDropped } = this.#options;
    const goal = `${moment.lsn}-0`;
    const holding = [...positions()].filter(([workspace, position]) => this.#mayHoldBefore(goal, workspace, position));
    let dropped = 0;
    await inParts(holding, async ([workspace, position]) => {
      const count = await buffer.dropBefore(epoch, workspace, moment.lsn, position);
      dropped += count;
      await this.#measure(workspace, position);
    });
    if (dropped > 0) onDropped(by, dropped);
    if (this.#moments[0] === moment || this.#moments.length === 0) return;
    this.#moments = this.#moments.filter(({ at }) => at >= moment.at);
    await buffer.forget(epoch, moment);
  }

  /** Whether a stream may hold a frame before a position beside the one that its feed stands at. */
  #mayHoldBefore(goal: FramePosition, workspace: string, position: FramePosition): boolean {
    if (position === ORIGIN) return false;
    const measured = this.#measured.get(workspace);
    if (!measured) return true;
    const { first } = measured;
    if (first === undefined) return measured.position !== position;
    return first !== position && comparePositions(first, goal) < 0;
  }
}

/** Does something with each, so many at a time. */
async function inParts<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += AT_ONCE) await Promise.all(all.slice(from, from + AT_ONCE).map(act));
}
