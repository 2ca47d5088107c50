import type { LimitCounter, LimitStore } from '@meldesync/bus';
import { LRUCache } from 'lru-cache';
import type { LimitKey } from './limit-key.ts';
import { networksOf } from './networks-of.ts';
import { RateLimitedError } from './rate-limited.ts';

/** So many in so many seconds. */
interface Rate {
  readonly most: number;
  readonly seconds: number;
}

/** By address: what protects a node from a flood, and no more. Hundreds of people of a hospital are one address. */
const BY_ADDRESS = {
  /** Requests of sign-in, whichever. */
  'sign-in': { most: 1_000, seconds: 10 },
  /** Requests of people who come in by a link. */
  entry: { most: 1_000, seconds: 10 },
  /** Codes of terminals: each is a row in the database. */
  'device-codes': { most: 120, seconds: 60 },
} as const satisfies Record<string, Rate>;

/** By account. */
const BY_ACCOUNT = {
  /** Requests of the API. */
  requests: { most: 1_000, seconds: 10 },
  /** What leaves as a file. */
  exports: { most: 300, seconds: 3_600 },
  /** Requests that bring files. */
  uploads: { most: 3_000, seconds: 600 },
} as const satisfies Record<string, Rate>;

/** By account, how many a node does at a time: what they take is the node's. */
const AT_ONCE = { exports: 2, uploads: 6 } as const;

/** A network of 48 bits has as many times more as people there may have. */
const WIDE_FACTOR = 10;
/** When to try again where nobody knows. */
const SOON_MS = 5_000;
/** Accounts that have asked too much, at a time. */
const MAX_HELD_OFF = 10_000;

export type RateName = keyof typeof BY_ADDRESS | keyof typeof BY_ACCOUNT;
type AddressRate = keyof typeof BY_ADDRESS;
type AccountRate = keyof typeof BY_ACCOUNT;

export interface RatesOptions {
  readonly store: LimitStore;
  readonly key: LimitKey;
  /** Hears of each request that is refused. */
  readonly onRefused: (rate: RateName) => void;
}

/** How often things are done, over all nodes. */
export class Rates {
  readonly #options: RatesOptions;
  readonly #counters = new Map<string, LimitCounter>();
  /** What is being done now. */
  readonly #places = new Map<string, number>();
  /** Until when an account may ask for nothing, by the monotonic clock. */
  readonly #heldOff = new LRUCache<string, number>({ max: MAX_HELD_OFF });

  constructor(options: RatesOptions) {
    this.#options = options;
  }

  /** Counts one of an address. Throws `RateLimitedError`. */
  async ofAddress(rate: AddressRate, address: string | null): Promise<void> {
    const { most, seconds } = BY_ADDRESS[rate];
    const { near, wide } = networksOf(address);
    await this.#take(rate, { most, seconds }, near);
    if (wide !== undefined) await this.#take(rate, { most: most * WIDE_FACTOR, seconds }, wide);
  }

  /** Counts one of an account. Throws `RateLimitedError`. */
  async ofAccount(rate: AccountRate, account: string): Promise<void> {
    await this.#take(rate, BY_ACCOUNT[rate], account);
  }

  /** The same of a request, which does not wait until it is counted: it is the next that are refused. Throws `RateLimitedError`. */
  ofRequest(account: string): void {
    const leftMs = (this.#heldOff.get(account) ?? 0) - performance.now();
    if (leftMs > 0) this.#refuse('requests', leftMs);
    void this.#counter('requests', BY_ACCOUNT.requests)
      .take(this.#options.key('requests', account))
      .then((taken) => {
        if (!taken.isFree) this.#heldOff.set(account, performance.now() + taken.endsInMs);
      });
  }

  /** Takes one of the places of an account; what is called when it is over. Throws `RateLimitedError` where there is none. */
  occupy(rate: keyof typeof AT_ONCE, account: string): () => void {
    const place = `${rate} ${account}`;
    const taken = this.#places.get(place) ?? 0;
    if (taken >= AT_ONCE[rate]) this.#refuse(rate, SOON_MS);
    this.#places.set(place, taken + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#places.get(place) ?? 1) - 1;
      if (left === 0) this.#places.delete(place);
      else this.#places.set(place, left);
    };
  }

  async #take(name: RateName, rate: Rate, who: string): Promise<void> {
    const taken = await this.#counter(name, rate).take(this.#options.key(name, who));
    if (!taken.isFree) this.#refuse(name, taken.endsInMs);
  }

  #refuse(name: RateName, waitMs: number): never {
    this.#options.onRefused(name);
    throw new RateLimitedError(waitMs);
  }

  #counter(name: string, rate: Rate): LimitCounter {
    const known = `${name}:${rate.most}`;
    const found = this.#counters.get(known);
    if (found) return found;
    const made = this.#options.store.counter({ name, ...rate });
    this.#counters.set(known, made);
    return made;
  }
}
