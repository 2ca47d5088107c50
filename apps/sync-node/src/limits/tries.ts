import type { LimitCounter, LimitStore } from '@meldesync/bus';
import { type DelayRule, GrowingDelay } from './growing-delay.ts';
import type { LimitKey } from './limit-key.ts';
import { networksOf } from './networks-of.ts';
import { RateLimitedError } from './rate-limited.ts';

/** What can be guessed: a try is refused before it is looked at. */
export type Guessable = 'password' | 'code' | 'device-code';
/** What nobody guesses, being of 128 bits or more: what is right is never refused, and what is wrong slows what is wrong. */
export type Unguessable = 'link' | 'device-token' | 'passkey' | 'single-sign-on';

/** Who tries, as far as that is known. */
export type Trier =
  /** Nobody that one knows. */
  | { readonly as: 'stranger' }
  /** A browser in which this secret was right before, by its mark. */
  | { readonly as: 'device'; readonly mark: string }
  /** Somebody in a session of the account. */
  | { readonly as: 'session' };

/** A try. */
export interface Try {
  readonly secret: Guessable;
  /** Whose secret is tried: an id, or an address as it was typed, which may lead to nobody. */
  readonly account: string;
  readonly address: string | null;
  readonly trier: Trier;
  /** The id of whose account it is; asked where it has to be put on record. */
  readonly user: () => Promise<string | undefined>;
}

/** Whether a try was right or wrong, or nobody looked at it. */
export type Verdict = 'right' | 'wrong' | 'neither';

/** A try that may be made. */
export interface BegunTry {
  /** Called once. */
  settle(verdict: Verdict): Promise<void>;
}

/** Tries are refused from now on. */
export interface Slowed {
  readonly secret: Guessable | Unguessable;
  /** Whose account it is; undefined where it leads to nobody, or where the address is what is refused, whatever the account. */
  readonly user: string | undefined;
  readonly address: string | null;
}

export interface TriesOptions {
  readonly store: LimitStore;
  readonly key: LimitKey;
  /** Hears of each try that is refused. */
  readonly onRefused: (secret: Guessable | Unguessable) => void;
  /** Puts on record that tries are refused: once in a row of them. */
  readonly onSlowed: (slowed: Slowed) => Promise<void>;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Of one account, from one address or browser or in one's own sessions: who has forgotten, or guesses there. */
const PAIR: DelayRule = { free: 10, firstSeconds: 2, mostSeconds: 5 * MINUTE, forgottenSeconds: 6 * HOUR };
/** Of one account from wherever: many who guess together. */
const ACCOUNT: DelayRule = { free: 100, firstSeconds: 1, mostSeconds: 30, forgottenSeconds: HOUR };
/** Of one account where who tries has come so far already: with the password, or into a session. */
const INSIDE: DelayRule = { free: 30, firstSeconds: 2, mostSeconds: 5 * MINUTE, forgottenSeconds: 6 * HOUR };
/** Of one address, whatever the account: one password tried on many. A hospital is one address. */
const NEAR: DelayRule = { free: 100, firstSeconds: 1, mostSeconds: 10, forgottenSeconds: HOUR };
const WIDE: DelayRule = { ...NEAR, free: 400 };
/** Of what nobody guesses and is wrong, by address. */
const WRONG: DelayRule = { free: 30, firstSeconds: 2, mostSeconds: MINUTE, forgottenSeconds: HOUR };
/** Within it one entry tells that tries are refused. */
const ROW_SECONDS = 15 * MINUTE;
/** So many failures of an address go on record within it, where no try is counted beforehand. */
const MOST_RECORDS = 30;

const RULES = { pair: PAIR, account: ACCOUNT, inside: INSIDE, near: NEAR, wide: WIDE, wrong: WRONG } as const;
type Rule = keyof typeof RULES;
/** Those that say nothing of an account. */
const OF_ADDRESSES: ReadonlySet<Rule> = new Set(['near', 'wide', 'wrong']);

/** One count that a try is part of. */
interface Part {
  readonly delay: GrowingDelay;
  readonly key: string;
  readonly rule: Rule;
}

/** What is refused, and of whom. */
type Refused = Pick<Try, 'address' | 'user'> & Pick<Slowed, 'secret'>;

/** The part that refuses a try for longest. */
interface Refusal {
  readonly part: Part;
  readonly waitMs: number;
}

/**
 * How often secrets are tried (ADR 38). What slows a stranger is what was wrong for this account at this address, and more leniently what
 * was wrong for the account, and at the address. What slows people in a browser that knows them, or in their session, is what was wrong
 * there: who guesses elsewhere, or beside them, keeps nobody from their work.
 */
export class Tries {
  readonly #options: TriesOptions;
  readonly #delays: Readonly<Record<Rule, GrowingDelay>>;
  readonly #rows: LimitCounter;
  readonly #records: LimitCounter;

  constructor(options: TriesOptions) {
    const { store } = options;
    const delay = (rule: Rule) => new GrowingDelay(store, rule, RULES[rule]);
    this.#options = options;
    this.#delays = {
      pair: delay('pair'),
      account: delay('account'),
      inside: delay('inside'),
      near: delay('near'),
      wide: delay('wide'),
      wrong: delay('wrong'),
    };
    this.#rows = store.counter({ name: 'row', most: 1, seconds: ROW_SECONDS });
    this.#records = store.counter({ name: 'record', most: MOST_RECORDS, seconds: ROW_SECONDS });
  }

  /** Counts a try before it is made. Throws `RateLimitedError` where it may not be made. */
  async begin(asked: Try): Promise<BegunTry> {
    const [own, ...others] = this.#partsOf(asked);
    const parts = [own, ...others];
    const refusal = await beginAll(parts);
    if (refusal) await this.#refuse(asked, refusal);
    return {
      settle: async (verdict) => {
        if (verdict === 'wrong') return;
        await Promise.all(parts.map(({ delay, key }) => delay.takeBack(key)));
        if (verdict === 'right') await own.delay.forget(own.key);
      },
    };
  }

  /** The same, about work that says whether it was right. What it throws was neither. */
  async run(asked: Try, work: () => Promise<boolean>): Promise<boolean> {
    const begun = await this.begin(asked);
    const isRight = await work().catch(async (error: unknown) => {
      await begun.settle('neither');
      throw error;
    });
    await begun.settle(isRight ? 'right' : 'wrong');
    return isRight;
  }

  /** Counts that something was wrong which nobody guesses. Throws `RateLimitedError` where that was too often. */
  async wrong(secret: Unguessable, address: string | null): Promise<void> {
    const part = this.#part('wrong', secret, networksOf(address).near);
    const refusal = await beginAll([part]);
    if (refusal) await this.#refuse({ secret, address, user: async () => undefined }, refusal);
  }

  /**
   * Whether one more failure goes on record by itself, where no try is counted before it is looked at: so many from an address within a quarter of
   * an hour. Of those beyond them one entry tells: who has no account fills no table.
   */
  async mayRecord(secret: Unguessable, address: string | null): Promise<boolean> {
    const { key } = this.#part('wrong', secret, networksOf(address).near);
    if ((await this.#records.take(key)).isFree) return true;
    await this.#tell({ secret, address, user: async () => undefined }, key);
    return false;
  }

  /** What counts a try; the first of it is forgotten when one was right. */
  #partsOf({ secret, account, address, trier }: Try): [Part, ...Part[]] {
    const { near, wide } = networksOf(address);
    switch (trier.as) {
      case 'device':
        return [this.#part('pair', secret, account, 'device', trier.mark)];
      case 'session':
        return [this.#part('pair', secret, account, 'session', near), this.#part('inside', secret, account, 'session')];
      case 'stranger':
        return [
          this.#part('pair', secret, account, near),
          this.#part(secret === 'password' ? 'account' : 'inside', secret, account),
          this.#part('near', near),
          ...(wide === undefined ? [] : [this.#part('wide', wide)]),
        ];
    }
  }

  #part(rule: Rule, ...who: readonly string[]): Part {
    return { delay: this.#delays[rule], key: this.#options.key(...who), rule };
  }

  /** One row for each count that refuses: who tries many accounts from one address makes one of the address, not one of each account. */
  async #refuse(tried: Refused, { part, waitMs }: Refusal): Promise<never> {
    const isOfAddress = OF_ADDRESSES.has(part.rule);
    await this.#tell(isOfAddress ? { ...tried, user: async () => undefined } : tried, part.key);
    throw new RateLimitedError(waitMs);
  }

  async #tell({ secret, address, user }: Refused, row: string): Promise<void> {
    const { onRefused, onSlowed } = this.#options;
    onRefused(secret);
    if ((await this.#rows.take(row)).isFree) await onSlowed({ secret, address, user: await user() });
  }
}

/** Counts a try in each part; where one of them refuses, in none. */
async function beginAll(parts: readonly Part[]): Promise<Refusal | undefined> {
  const closed = longest(parts, await Promise.all(parts.map(({ delay, key }) => delay.waitMs(key))));
  if (closed) return closed;
  const waits = await Promise.all(parts.map(({ delay, key }) => delay.begin(key)));
  const refusal = longest(parts, waits);
  if (refusal)
    await Promise.all(parts.filter((_, index) => waits[index] === 0).map(({ delay, key }) => delay.takeBack(key)));
  return refusal;
}

function longest(parts: readonly Part[], waits: readonly number[]): Refusal | undefined {
  const waitMs = Math.max(...waits);
  const part = parts[waits.indexOf(waitMs)];
  return part && waitMs > 0 ? { part, waitMs } : undefined;
}
