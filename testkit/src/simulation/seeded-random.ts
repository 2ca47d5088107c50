/** Chance that a seed fixes: the same seed gives the same run. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** A number in [from, to). */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of the items; there must be some. */
  pick<T>(items: readonly T[]): T;
  /** Chance of its own for a part of the run: what one part draws does not shift what others draw. */
  fork(): SeededRandom;
}

/** Mulberry32: small, quick, and good enough to choose faults by. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    between: (from, to) => from + next() * (to - from),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    fork: () => seededRandom(integer(0, 2 ** 32 - 1)),
  };
}
