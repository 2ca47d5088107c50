import type { FeedPosition } from '@meldesync/db';

/** A point up to which everything is in Redis, with the last position of each workspace that changed since the one before. */
export interface Checkpoint {
  /** Decimal LSN. */
  readonly lsn: string;
  readonly positions: ReadonlyMap<string, FeedPosition>;
  readonly takenAt: number;
}

/**
 * Positions on their way to be confirmed. They are held back, so that the WAL can fill Redis again when it loses
 * entries; pure bookkeeping, time is passed in (epoch milliseconds).
 */
export class Checkpoints {
  readonly #waiting: Checkpoint[] = [];
  #changed = new Map<string, FeedPosition>();

  /** Notes that a workspace's feed has moved on. */
  advance(workspace: string, position: FeedPosition): void {
    this.#changed.set(workspace, position);
  }

  /** Takes a checkpoint at `lsn`, before which everything has been appended. */
  take(lsn: string, now: number): void {
    const last = this.#waiting.at(-1);
    if (last?.lsn === lsn && this.#changed.size === 0) return;
    this.#waiting.push({ lsn, positions: this.#changed, takenAt: now });
    this.#changed = new Map();
  }

  /** Removes all checkpoints at least `holdBackMs` old and returns them as one; undefined when there is none. */
  release(now: number, holdBackMs: number): Checkpoint | undefined {
    const due = this.#waiting.filter((checkpoint) => now - checkpoint.takenAt >= holdBackMs);
    const newest = due.at(-1);
    if (!newest) return undefined;
    this.#waiting.splice(0, due.length);
    const positions = new Map(due.flatMap((checkpoint) => [...checkpoint.positions]));
    return { ...newest, positions };
  }
}
