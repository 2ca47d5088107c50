import type { LoadScript } from './script.ts';
import type { ThreadHost } from './thread-host.ts';
import { Vu } from './vu.ts';

interface VuPoolOptions {
  readonly host: ThreadHost;
  readonly script: LoadScript;
  /** A number that no VU has yet, on any thread. */
  readonly nextId: () => number;
}

/** The VUs of a thread. One that a scenario has given back is lent to the next, as k6 does. */
export class VuPool {
  readonly host: ThreadHost;
  readonly #script: LoadScript;
  readonly #nextId: () => number;
  readonly #free: Vu[] = [];

  constructor({ host, script, nextId }: VuPoolOptions) {
    this.host = host;
    this.#script = script;
    this.#nextId = nextId;
  }

  /** Has as many made and at hand. */
  fill(count: number): void {
    while (this.#free.length < count) this.#free.push(this.#make());
  }

  take(): Vu {
    return this.#free.shift() ?? this.#make();
  }

  giveBack(vu: Vu): void {
    this.#free.push(vu);
  }

  #make(): Vu {
    const vu = new Vu(this.#nextId(), this.host);
    this.#script.instantiate(vu);
    this.host.counts.initialized += 1;
    return vu;
  }
}
