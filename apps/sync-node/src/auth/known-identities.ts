import type { Identity } from '../core/identity.ts';

/** How long who was looked up counts as known, and how many at most. */
const KNOWN_MS = 10_000;
const MAX_KNOWN = 10_000;

type LookUp = (headers: Headers) => Promise<Identity | undefined>;

/**
 * Who sends a WebSocket's headers, looked up once for all connections with the same credentials within a short while:
 * the windows of one person come back together when a node is gone. Only for admission: `hello` asks Postgres whether
 * the session still stands, so one that has ended gets no further, however well it is known here.
 */
export class KnownIdentities {
  readonly #lookUp: LookUp;
  /** By credentials, oldest first. */
  readonly #known = new Map<string, { readonly at: number; readonly identity: Promise<Identity | undefined> }>();

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  /** Undefined when nobody is signed in. Rejects when Postgres cannot be asked. */
  find(headers: Headers): Promise<Identity | undefined> {
    const key = JSON.stringify([headers.get('authorization'), headers.get('cookie')]);
    const now = performance.now();
    const known = this.#known.get(key);
    if (known && now - known.at < KNOWN_MS) return known.identity;
    const identity = this.#lookUp(headers);
    this.#known.delete(key);
    this.#known.set(key, { at: now, identity });
    // Only who was found is remembered: a session may begin, and a database come back, at any moment.
    const forget = () => {
      if (this.#known.get(key)?.identity === identity) this.#known.delete(key);
    };
    identity.then((found) => found ?? forget(), forget);
    this.#forgetOld(now);
    return identity;
  }

  /** Somebody's sessions changed. */
  forgetAll(): void {
    this.#known.clear();
  }

  #forgetOld(now: number): void {
    for (const [key, { at }] of this.#known) {
      if (now - at < KNOWN_MS && this.#known.size <= MAX_KNOWN) return;
      this.#known.delete(key);
    }
  }
}
