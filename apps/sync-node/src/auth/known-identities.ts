import { BoundedCache } from '../bounded-cache.ts';
import type { Identity } from '../core/identity.ts';
import { type NodeRuntime, systemRuntime } from '../runtime.ts';

/** How long who was looked up counts as known, and how much is known at most: some ten thousand people. */
const KNOWN_MS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** What an entry takes beside the credentials, which may be as long as headers may be. */
const ENTRY_BYTES = 512;

type LookUp = (headers: Headers) => Promise<Identity | undefined>;

/**
 * Who sends a WebSocket's headers, looked up once for all connections with the same credentials within a short while:
 * the windows of one person come back together when a node is gone. Only for admission: `hello` asks Postgres whether
 * the session still stands, so one that has ended gets no further, however well it is known here.
 */
export class KnownIdentities {
  readonly #lookUp: LookUp;
  /** By credentials. */
  readonly #known: BoundedCache<Promise<Identity | undefined>>;

  constructor(lookUp: LookUp, runtime: Pick<NodeRuntime, 'monotonicMs'> = systemRuntime) {
    this.#lookUp = lookUp;
    this.#known = new BoundedCache({ maxBytes: MAX_BYTES, keepMs: KNOWN_MS, renewedByUse: false, runtime });
  }

  /** Undefined when nobody is signed in. Rejects when Postgres cannot be asked. */
  find(headers: Headers): Promise<Identity | undefined> {
    const key = JSON.stringify([headers.get('authorization'), headers.get('cookie')]);
    const known = this.#known.get(key);
    if (known) return known;
    const identity = this.#lookUp(headers);
    this.#known.set(key, identity, ENTRY_BYTES + 2 * key.length);
    // Only who was found is remembered: a session may begin, and a database come back, at any moment.
    const forget = () => this.#known.drop(key, identity);
    identity.then((found) => found ?? forget(), forget);
    return identity;
  }

  /** Somebody's sessions changed. */
  forgetAll(): void {
    this.#known.clear();
  }
}
