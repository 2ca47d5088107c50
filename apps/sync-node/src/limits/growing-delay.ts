import type { LimitCounter, LimitStore } from '@meldesync/bus';
import { takeBack } from './take-back.ts';

/** How wrong tries slow those that follow. */
export interface DelayRule {
  /** So many slow nothing. */
  readonly free: number;
  /** After the last of them; after each further one it is twice as long. */
  readonly firstSeconds: number;
  readonly mostSeconds: number;
  /** After the first one, until it is forgotten that there were any. */
  readonly forgottenSeconds: number;
}

/** How long nobody may try after so many wrong tries; 0 for not at all. */
function delayAfter(count: number, { free, firstSeconds, mostSeconds }: DelayRule): number {
  if (count < free) return 0;
  return Math.min(mostSeconds, firstSeconds * 2 ** Math.min(count - free, 30));
}

/**
 * Tries that slow those after them. Each is counted before it is made, so that many at once are no way around it, and taken back where it
 * was not wrong. While a delay lasts none is made, and none counted: who waits is not slowed any further.
 */
export class GrowingDelay {
  readonly #tries: LimitCounter;
  /** Taken for as long as nobody may try. */
  readonly #gate: LimitCounter;
  readonly #rule: DelayRule;

  constructor(store: LimitStore, name: string, rule: DelayRule) {
    this.#rule = rule;
    this.#tries = store.counter({ name: `${name}:tries`, most: rule.free, seconds: rule.forgottenSeconds });
    this.#gate = store.counter({ name: `${name}:gate`, most: 1, seconds: rule.mostSeconds });
  }

  /** When one may try; 0 for now. */
  async waitMs(key: string): Promise<number> {
    return (await this.#gate.look(key))?.endsInMs ?? 0;
  }

  /** Counts a try that is about to be made; when one may be made where this one may not, 0 where it may. */
  async begin(key: string): Promise<number> {
    const count = await this.#tries.add(key, 1);
    const delay = delayAfter(count, this.#rule);
    if (delay === 0) return 0;
    const taken = await this.#gate.take(key, delay);
    if (taken.isFree) return 0;
    await this.takeBack(key);
    return Math.max(1, taken.endsInMs);
  }

  /** A try that was counted counts no longer. */
  async takeBack(key: string): Promise<void> {
    await takeBack(this.#tries, key);
  }

  /** As if nobody had ever tried. */
  async forget(key: string): Promise<void> {
    await Promise.all([this.#tries.forget(key), this.#gate.forget(key)]);
  }
}
