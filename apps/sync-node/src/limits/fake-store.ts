import type { CounterRule, LimitCounter, LimitStore } from '@meldesync/bus';

/** Counts as Redis does, by a clock that a test moves. */
export class FakeStore implements LimitStore {
  readonly #counts = new Map<string, { count: number; endsAtMs: number }>();
  nowMs = 0;

  /** Every key that is counted under. */
  get keys(): string[] {
    return [...this.#counts.keys()];
  }

  counter({ name, most, seconds }: CounterRule): LimitCounter {
    const add = (key: string, count: number, lasting = seconds) => {
      const found = this.#find(`${name}:${key}`) ?? { count: 0, endsAtMs: this.nowMs + lasting * 1_000 };
      found.count += count;
      this.#counts.set(`${name}:${key}`, found);
      return found;
    };
    return {
      look: async (key) => {
        const found = this.#find(`${name}:${key}`);
        return found && { count: found.count, endsInMs: found.endsAtMs - this.nowMs };
      },
      add: async (key, count) => add(key, count).count,
      take: async (key, lasting) => {
        const { count, endsAtMs } = add(key, 1, lasting);
        return count <= most ? { isFree: true } : { isFree: false, endsInMs: endsAtMs - this.nowMs };
      },
      forget: async (key) => {
        this.#counts.delete(`${name}:${key}`);
      },
    };
  }

  [Symbol.dispose](): void {}

  #find(key: string) {
    const found = this.#counts.get(key);
    return found && found.endsAtMs > this.nowMs ? found : undefined;
  }
}
