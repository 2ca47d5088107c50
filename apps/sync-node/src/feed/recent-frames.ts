import type { BusFrame } from '@meldesync/bus';
import type { FramePosition } from '@meldesync/protocol';

const MAX_FRAMES = 1_024;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * The latest frames of a workspace in memory, without a gap: most reconnects are answered from here, and their
 * transaction ids say what a snapshot must hold.
 */
export class RecentFrames {
  #frames: BusFrame[] = [];
  #characters = 0;

  /** Adds the frame that follows the last one. */
  push(frame: BusFrame): void {
    this.#frames.push(frame);
    this.#characters += frame.json.length;
    if (this.#frames.length > MAX_FRAMES || this.#characters > MAX_CHARACTERS) this.#dropOldest();
  }

  clear(): void {
    this.#frames = [];
    this.#characters = 0;
  }

  /** The frames after a position; undefined when they do not reach back that far. */
  after(position: FramePosition): BusFrame[] | undefined {
    const index = this.#frames.findLastIndex((frame) => frame.prev === position);
    return index < 0 ? undefined : this.#frames.slice(index);
  }

  /** Transaction ids of the frames, without repetition. */
  transactions(): string[] {
    return [...new Set(this.#frames.map((frame) => frame.txid))];
  }

  /** A quarter at a time, so that a long list is not moved for every frame. */
  #dropOldest(): void {
    const dropped = this.#frames.splice(0, Math.ceil(this.#frames.length / 4));
    for (const frame of dropped) this.#characters -= frame.json.length;
  }
}
