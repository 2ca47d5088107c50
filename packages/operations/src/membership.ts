import { BusUnavailableError, type OperationsBoard } from '@meldesync/bus';
import type { OperationsLevel } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { LevelDecider } from './degradation/level-decider.ts';
import type { LevelFollower } from './degradation/level-follower.ts';
import { untilNextPoint } from './status/merge-history.ts';
import type { HistoryPoint, ProcessStatus } from './status/process-status.ts';

/** How often a process says how it is. */
const STATUS_EVERY_MS = 2_000;

export interface MembershipOptions {
  /** Names this process while it runs. */
  readonly process: string;
  readonly board: OperationsBoard;
  readonly follower: LevelFollower;
  /** Of a process that may decide on the level. */
  readonly decider: LevelDecider | undefined;
  readonly status: () => Promise<ProcessStatus>;
  /** Of a process that has a history. */
  readonly point: (() => HistoryPoint) | undefined;
  readonly logger: Logger;
}

/**
 * Says every 2 s how this process is, decides on the level if it is its turn, and reads it. Where Redis does not answer, the connection
 * tells of it, and this goes on.
 */
export class Membership implements AsyncDisposable {
  readonly #options: MembershipOptions;
  readonly #statuses: NodeJS.Timeout;
  #points: NodeJS.Timeout | undefined;
  #saying: Promise<void> | undefined;
  #isHeard = false;
  #isOver = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#statuses = setInterval(() => this.#say(), STATUS_EVERY_MS);
    this.#say();
    if (options.point) this.#notePoint(untilNextPoint(Date.now()));
  }

  get level(): OperationsLevel {
    return this.#options.follower.level;
  }

  /** Somebody has decided on, or chosen, another level. */
  levelChanged(): void {
    void this.#quietly(this.#options.follower.read());
  }

  /** Ends within 2 s: the others see no more of this process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#statuses);
    clearTimeout(this.#points);
    await this.#saying;
    // Without Redis it is forgotten by itself.
    if (this.#isHeard) await this.#quietly(this.#leave());
  }

  #say(): void {
    this.#saying ??= this.#quietly(this.#sayAll()).finally(() => {
      this.#saying = undefined;
    });
  }

  async #sayAll(): Promise<void> {
    const { board, process, status, decider, follower } = this.#options;
    this.#isHeard = false;
    try {
      await board.statuses.post(process, JSON.stringify(await status()));
      await decider?.decide();
      this.#isHeard = true;
    } finally {
      await follower.read();
    }
  }

  async #leave(): Promise<void> {
    const { board, process, decider } = this.#options;
    await decider?.resign();
    await board.statuses.withdraw(process);
  }

  #notePoint(delayMs: number): void {
    const { board, process, point } = this.#options;
    this.#points = setTimeout(() => {
      if (!point) return;
      const noted = board.statuses.note(process, JSON.stringify(point()));
      noted.then(
        (now) => this.#isOver || this.#notePoint(untilNextPoint(now)),
        (error: unknown) => {
          this.#report(error);
          if (!this.#isOver) this.#notePoint(untilNextPoint(Date.now()));
        },
      );
    }, delayMs);
  }

  async #quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof BusUnavailableError) logger.debug({ err: error }, 'could not say how this process is');
    else logger.event('status-not-told', { err: error });
  }
}
