import type { LevelBoard } from '@meldesync/bus';
import type { OperationsLevel, ReportUnreadable, ServiceLevel } from '@meldesync/protocol';
import type { ProcessStatus } from '../status/process-status.ts';
import { gaugeAt, type LevelGauge, lookAt, reasonsOf } from './decide.ts';
import { measure } from './measure.ts';
import type { DegradationLimits } from './measures.ts';
import { type LevelDecision, readLevel } from './stored-level.ts';

export interface LevelDeciderOptions {
  /** Names this process. */
  readonly process: string;
  readonly board: LevelBoard;
  /** How all processes are. */
  readonly statuses: () => Promise<readonly ProcessStatus[]>;
  readonly limits: DegradationLimits;
  readonly onUnreadable: ReportUnreadable;
  /** All work at another level from now on, for what is measured; by no other process is that told. */
  readonly onDecided?: ((decided: DecidedLevel) => void) | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** What was decided, and why. */
export interface DecidedLevel {
  readonly before: ServiceLevel;
  readonly level: ServiceLevel;
  readonly reasons: OperationsLevel['reasons'];
}

/**
 * Decides on the level for all, if it is this process's turn: of those that could, the one that holds the lease does. It goes on where
 * the one before stopped.
 */
export class LevelDecider {
  readonly #options: LevelDeciderOptions;
  #gauge: LevelGauge | undefined;
  #decision: LevelDecision | undefined;

  constructor(options: LevelDeciderOptions) {
    this.#options = options;
  }

  /** Looks at what is measured; called every 2 s. Rejects with a `BusUnavailableError` where Redis does not answer. */
  async decide(): Promise<void> {
    const { process, board, limits, statuses, onUnreadable, onDecided, now } = this.#options;
    if (!(await board.lead(process))) return this.#forget();
    const { decision: stored, chosen } = readLevel(await board.read(), onUnreadable);
    const before = this.#decision ??
      stored ?? { level: 'normal' as const, since: new Date().toISOString(), reasons: [] };
    const measured = measure(await statuses());
    const gauge = lookAt(this.#gauge ?? gaugeAt(before.level), measured, limits, now());
    const isAnother = gauge.level !== before.level;
    const decision: LevelDecision = {
      level: gauge.level,
      // What is decided holds only once no person's choice does any longer.
      since: isAnother || chosen ? new Date().toISOString() : before.since,
      reasons: reasonsOf(gauge.level, measured, limits.limits),
    };
    if (!(await board.decide(process, JSON.stringify(decision), isAnother))) return this.#forget();
    this.#gauge = gauge;
    this.#decision = decision;
    // What a person has chosen counts in its place.
    if (isAnother && !chosen) onDecided?.({ before: before.level, level: gauge.level, reasons: decision.reasons });
  }

  /** This process ends: another may decide at once. */
  async resign(): Promise<void> {
    if (this.#gauge) await this.#options.board.resign(this.#options.process);
    this.#forget();
  }

  #forget(): void {
    this.#gauge = undefined;
    this.#decision = undefined;
  }
}
