import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Guessable } from './tries.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long a browser is known after a secret was right in it. */
export const KNOWN_DAYS = 30;
/** So many people at one browser. */
const MOST_MARKS = 16;
const NONCE_BYTES = 9;
const KEY_BYTES = 32;
/** Day, nonce, and what only the service can make of both. */
const MARK = /^([0-9a-z]{1,6})-([\w-]{12})-([\w-]{22})$/;

/** A secret that was right in a browser. */
interface Right {
  readonly secret: Guessable;
  readonly account: string;
}

/**
 * In which browsers a secret of an account was right: they keep marks that nobody else can make. A mark says nothing of whose it is, and
 * opens nothing: it has wrong tries counted by themselves, past what others do for the same account or from the same address.
 */
export class KnownDevices {
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(secret: string, now: () => number = Date.now) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'meldesync', 'known-devices', KEY_BYTES));
    this.#now = now;
  }

  /** What counts a browser's tries: the mark in its cookie that is this account's. Undefined where it has none, or an old one. */
  markOf(cookie: string, right: Right): string | undefined {
    return marksIn(cookie).find((mark) => this.#isOf(mark, right));
  }

  /** The cookie of a browser in which a secret has just been right. */
  remember(cookie: string, right: Right): string {
    const others = marksIn(cookie).filter((mark) => !this.#isOf(mark, right));
    const day = this.#today().toString(36);
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const own = `${day}-${nonce}-${this.#seal(day, nonce, right)}`;
    return [own, ...others].slice(0, MOST_MARKS).join('.');
  }

  #isOf(mark: string, right: Right): boolean {
    const [, day = '', nonce = '', seal = ''] = MARK.exec(mark) ?? [];
    const age = this.#today() - Number.parseInt(day, 36);
    if (!(age >= 0 && age <= KNOWN_DAYS)) return false;
    return timingSafeEqual(Buffer.from(seal), Buffer.from(this.#seal(day, nonce, right)));
  }

  #today(): number {
    return Math.floor(this.#now() / DAY_MS);
  }

  #seal(day: string, nonce: string, { secret, account }: Right): string {
    const text = JSON.stringify([day, nonce, secret, account]);
    return createHmac('sha256', this.#key).update(text).digest('base64url').slice(0, 22);
  }
}

function marksIn(cookie: string): string[] {
  return cookie.split('.', MOST_MARKS).filter((mark) => MARK.test(mark));
}
