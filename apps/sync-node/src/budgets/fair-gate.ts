import { RateLimitedError } from '../limits/rate-limited.ts';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { type Allowance, type AllowanceRule, charged, fullAllowance, msUntilLeft, refilled } from './allowance.ts';
import { QueueTooLongError } from './queue-too-long.ts';

export interface FairGateRules {
  /** How much of it goes on at the same time, and how much of that for one. */
  readonly atOnce: number;
  readonly each: number;
  /** How many of one may wait; one more is refused. */
  readonly waiting: number;
  /** So long one waits at most. */
  readonly waitMs: number;
  /** What one may use up, in the units of `costOf`. */
  readonly allowance: AllowanceRule;
  /** What something has cost that took so many milliseconds. */
  readonly costOf: (tookMs: number) => number;
}

/** One who comes in by the gate: a person, or an address. */
interface Guest {
  readonly key: string;
  readonly queue: Waiting[];
  running: number;
  allowance: Allowance;
}

interface Waiting {
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
  readonly timer: Timer;
}

/** What refuses at once is asked at once again: a refusal takes its time. */
const REFUSAL_MS = 1_000;
/** Above so many, those of whom nothing is left to be known are forgotten. */
const MANY_GUESTS = 1_000;

/**
 * Lets in what costs much: of each so much at a time and so much in all, whoever they are. What is too much waits among what the same one asks for, so that
 * nobody waits behind what somebody else has asked for; the turn goes from one to the next.
 */
export class FairGate {
  readonly #rules: FairGateRules;
  readonly #runtime: Pick<NodeRuntime, 'monotonicMs' | 'after' | 'sleep'>;
  readonly #guests = new Map<string, Guest>();
  /** Those of whom something waits, in the order of their turns. */
  readonly #turns = new Set<Guest>();
  #running = 0;
  #wake: Timer | undefined;

  constructor(rules: FairGateRules, runtime: Pick<NodeRuntime, 'monotonicMs' | 'after' | 'sleep'>) {
    this.#rules = rules;
    this.#runtime = runtime;
  }

  /** How many are remembered. */
  get guests(): number {
    return this.#guests.size;
  }

  /** What goes on now, and what waits. */
  get state(): { readonly running: number; readonly waiting: number } {
    let waiting = 0;
    for (const { queue } of this.#turns) waiting += queue.length;
    return { running: this.#running, waiting };
  }

  /**
   * Runs something on somebody's account as soon as it is their turn. Throws a `RateLimitedError` where too much of theirs waits already or they
   * have used up too much, and a `QueueTooLongError` where others take too long. `costOf`: what it has cost once it is over, by how long it took; nothing
   * where it fails.
   */
  async run<Result>(
    key: string,
    work: () => Promise<Result>,
    costOf: (tookMs: number) => number = this.#rules.costOf,
  ): Promise<Result> {
    const guest = this.#guestOf(key);
    await this.#enter(guest);
    const begunAt = this.#runtime.monotonicMs();
    let cost = 0;
    try {
      const result = await work();
      cost = costOf(this.#runtime.monotonicMs() - begunAt);
      return result;
    } finally {
      const now = this.#runtime.monotonicMs();
      guest.allowance = charged(refilled(guest.allowance, this.#rules.allowance, now), cost);
      guest.running -= 1;
      this.#running -= 1;
      this.#next();
    }
  }

  async #enter(guest: Guest): Promise<void> {
    if (guest.queue.length === 0 && this.#mayBegin(guest)) return this.#begin(guest);
    const { waiting, waitMs, allowance } = this.#rules;
    const untilLeft = msUntilLeft(refilled(guest.allowance, allowance, this.#runtime.monotonicMs()), allowance);
    if (guest.queue.length >= waiting || untilLeft > waitMs) {
      await this.#runtime.sleep(REFUSAL_MS);
      throw new RateLimitedError(Math.max(untilLeft, waitMs));
    }
    await new Promise<void>((resolve, reject) => {
      const timer = this.#runtime.after(waitMs, () => this.#giveUp(guest, one));
      const one: Waiting = { begin: resolve, giveUp: reject, timer };
      guest.queue.push(one);
      this.#turns.add(guest);
      this.#wakeInTime();
    });
  }

  #giveUp(guest: Guest, one: Waiting): void {
    const place = guest.queue.indexOf(one);
    if (place < 0) return;
    guest.queue.splice(place, 1);
    if (guest.queue.length === 0) this.#turns.delete(guest);
    const { allowance, waitMs, each, atOnce } = this.#rules;
    const { left } = refilled(guest.allowance, allowance, this.#runtime.monotonicMs());
    const isKeptOut = guest.running >= each || this.#running >= atOnce;
    one.giveUp(left > 0 && isKeptOut ? new QueueTooLongError() : new RateLimitedError(waitMs));
  }

  #begin(guest: Guest): void {
    guest.running += 1;
    this.#running += 1;
  }

  #mayBegin(guest: Guest): boolean {
    const { atOnce, each, allowance } = this.#rules;
    if (this.#running >= atOnce || guest.running >= each) return false;
    guest.allowance = refilled(guest.allowance, allowance, this.#runtime.monotonicMs());
    return guest.allowance.left > 0;
  }

  /** Lets in who may come in now, one of each in turn. */
  #next(): void {
    for (let isMoving = true; isMoving; ) {
      isMoving = false;
      // Those of now: who has more comes in again at the end.
      const turns = [...this.#turns];
      for (const guest of turns) {
        const [one] = guest.queue;
        if (!one || !this.#mayBegin(guest)) continue;
        guest.queue.shift();
        one.timer.cancel();
        // The others come first the next time.
        this.#turns.delete(guest);
        if (guest.queue.length > 0) this.#turns.add(guest);
        this.#begin(guest);
        one.begin();
        isMoving = true;
      }
    }
    this.#wakeInTime();
  }

  /** Nothing may go on by whose end those would be let in who have used up too much. */
  #wakeInTime(): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    const { each, allowance } = this.#rules;
    const now = this.#runtime.monotonicMs();
    const waits = [...this.#turns]
      .filter(({ running }) => running < each)
      .map((guest) => msUntilLeft(refilled(guest.allowance, allowance, now), allowance))
      .filter((ms) => ms > 0);
    if (waits.length === 0) return;
    this.#wake = this.#runtime.after(Math.min(...waits), () => {
      this.#wake = undefined;
      this.#next();
    });
  }

  #guestOf(key: string): Guest {
    const known = this.#guests.get(key);
    if (known) return known;
    const now = this.#runtime.monotonicMs();
    if (this.#guests.size >= MANY_GUESTS) this.#forgetIdle(now);
    const guest: Guest = { key, queue: [], running: 0, allowance: fullAllowance(this.#rules.allowance, now) };
    this.#guests.set(key, guest);
    return guest;
  }

  #forgetIdle(now: number): void {
    const { allowance } = this.#rules;
    for (const [key, { queue, running, allowance: has }] of this.#guests) {
      if (queue.length > 0 || running > 0) continue;
      if (refilled(has, allowance, now).left >= allowance.burst) this.#guests.delete(key);
    }
  }
}
