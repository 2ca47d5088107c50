import { DECISION_TTL_MS, type LevelBoard } from '@meldesync/bus';
import type { OperationsLevel, ReportUnreadable } from '@meldesync/protocol';
import { effectiveLevel, type KnownLevel, readLevel } from './stored-level.ts';

export interface LevelFollowerOptions {
  readonly board: Pick<LevelBoard, 'read'>;
  readonly onUnreadable: ReportUnreadable;
  /** The process works at another level from now on, or is told of one that another has set. */
  readonly onLevel: (level: OperationsLevel) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The level at which this process works, as Redis says. Without Redis it is normal soon, unless a person has chosen another. */
export class LevelFollower {
  readonly #options: LevelFollowerOptions;
  #known: KnownLevel = { decision: null, chosen: null };
  #readAt = Number.NEGATIVE_INFINITY;
  #level: OperationsLevel;

  constructor(options: LevelFollowerOptions) {
    this.#options = options;
    this.#level = effectiveLevel(this.#known, new Date().toISOString());
  }

  get level(): OperationsLevel {
    return this.#level;
  }

  /** Reads it again. Rejects with a `BusUnavailableError` where Redis does not answer; what is too old has ended by then. */
  async read(): Promise<void> {
    const { board, now, onUnreadable } = this.#options;
    try {
      this.#known = readLevel(await board.read(), onUnreadable);
      this.#readAt = now();
    } finally {
      // It counts no longer than Redis keeps it, also where Redis cannot be asked.
      if (now() - this.#readAt > DECISION_TTL_MS) this.#known = { ...this.#known, decision: null };
      this.#become(this.#known);
    }
  }

  #become(known: KnownLevel): void {
    const before = this.#level;
    const normalSince = before.name === 'normal' ? before.since : new Date().toISOString();
    this.#level = effectiveLevel(known, normalSince);
    const { name, chosenBy } = this.#level;
    if (name !== before.name || chosenBy !== before.chosenBy) this.#options.onLevel(this.#level);
  }
}
