import { drawLagMs, type Lag } from './lag.ts';
import { Line } from './line.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** After so long without a word a connection is taken for dead and made anew: what was on its way is lost. */
const SILENCE_LIMIT_MS = 6_000;

export interface ServiceOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly lag: Lag;
  /** One way. */
  readonly delayMs: readonly [number, number];
  /** What is thrown where the connection breaks, or no answer comes in time. */
  readonly trouble: () => Error;
}

/** Something that is asked, and what comes of it. */
export interface Question<T> {
  /** Names the await. */
  readonly what: string;
  readonly carryOut: () => T | Promise<T>;
  /** How long the answer may take. */
  readonly limitMs: number;
}

interface Call {
  readonly asking: SimProcess;
  readonly limitMs: number;
  readonly late: () => void;
}

/**
 * A server that other processes ask over lines of their own: it can stand still, be gone for a while, and be cut off from one
 * of them without a word. Neither question nor answer outlives the one who asks.
 */
export class Service {
  readonly process: SimProcess;
  readonly #options: ServiceOptions;
  readonly #silentUntil = new Map<SimProcess, number>();
  /** What has not been answered yet. */
  readonly #open = new Set<Call>();
  /** Until then an answer may fail to come. */
  #troubledUntil = 0;
  #downUntil = 0;
  /** Counts how often every connection broke. */
  #generation = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.process = options.scheduler.process(options.name);
  }

  /** A connection: what is asked over it keeps its order. */
  line(): Line {
    return new Line(this.#options.scheduler, () => this.#delayMs());
  }

  /** Asks for the process whose turn it is; without a line, over a connection of its own. */
  ask<T>(line: Line | undefined, { what, carryOut, limitMs }: Question<T>): Promise<T> {
    const { scheduler, trouble } = this.#options;
    const asking = scheduler.current;
    if (!scheduler.leave(`${this.process.name}: ${what}`)) return new Promise(never);
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        if (this.#open.delete(call)) act();
      };
      const call: Call = { asking, limitMs, late: () => end(() => reject(trouble())) };
      const answer = (act: () => void): void => this.carry(line, asking, asking, () => end(act));
      const generation = this.#generation;
      const broken = (): void => answer(() => reject(trouble()));
      this.#open.add(call);
      if (scheduler.now < this.#troubledUntil) this.#limit(call);
      this.carry(line, this.process, asking, () => {
        if (this.#isBroken(generation)) return broken();
        Promise.resolve()
          .then(carryOut)
          .then(
            (value) => (this.#isBroken(generation) ? broken() : answer(() => resolve(value))),
            (error: unknown) => answer(() => reject(error instanceof Error ? error : new Error(String(error)))),
          );
      });
    });
  }

  /** Lets a message of the line to `other` arrive at a process. A long silence swallows it. */
  carry(line: Line | undefined, process: SimProcess, other: SimProcess, arrive: () => void): void {
    const { scheduler } = this.#options;
    if (this.isCutOff(other)) return;
    const silentMs = this.silentMs(other);
    if (line) line.carry(process, silentMs, arrive);
    else scheduler.after(silentMs + this.#delayMs(), process, arrive);
  }

  /** For how long nothing will pass between this and a process. */
  silentMs(other: SimProcess): number {
    return Math.max(0, (this.#silentUntil.get(other) ?? 0) - this.#options.scheduler.now);
  }

  /** Whether the silence is one that no connection outlives. */
  isCutOff(other: SimProcess): boolean {
    return this.silentMs(other) > SILENCE_LIMIT_MS;
  }

  /** Nothing passes between this and a process, and nobody is told. */
  silence(other: SimProcess, forMs: number): void {
    this.#silentUntil.set(other, Math.max(this.#silentUntil.get(other) ?? 0, this.#options.scheduler.now + forMs));
    this.troubled(forMs);
  }

  /** It stands still: what is asked waits. */
  pause(forMs: number): void {
    this.process.pausedUntil = Math.max(this.process.pausedUntil, this.#options.scheduler.now + forMs);
    this.troubled(forMs);
  }

  /** Every connection breaks, and none comes about for a while; what was asked may have been carried out. */
  down(forMs: number): void {
    this.#generation += 1;
    this.#downUntil = Math.max(this.#downUntil, this.#options.scheduler.now + forMs);
    this.troubled(forMs);
  }

  /** From now on answers may fail to come. */
  troubled(forMs: number): void {
    this.#troubledUntil = Math.max(this.#troubledUntil, this.#options.scheduler.now + forMs + SILENCE_LIMIT_MS);
    for (const call of this.#open) this.#limit(call);
  }

  /** Whether it has been well for so long that whatever it was asked before has been answered. */
  get isWell(): boolean {
    return this.#options.scheduler.now >= this.#troubledUntil;
  }

  #limit({ asking, limitMs, late }: Call): void {
    this.#options.scheduler.after(limitMs, asking, late);
  }

  #isBroken(generation: number): boolean {
    return generation !== this.#generation || this.#options.scheduler.now < this.#downUntil;
  }

  #delayMs(): number {
    const { random, delayMs, lag } = this.#options;
    return random.between(...delayMs) + drawLagMs(lag, random);
  }
}

/** What a process that has ended waits for. */
function never(): void {}
