/** On whose account bytes are held. */
export interface Holder {
  readonly kind: 'person' | 'stranger' | 'unknown';
  /** The id of a person, the address of a stranger; of whom it is not known yet, all have one. */
  readonly key: string;
}

/** How much is held at the same time, of all together and of each. */
interface HeldLimit {
  readonly all: number;
  readonly each: number;
}

export type HeldLimits = Readonly<Record<Holder['kind'], HeldLimit>>;

/** Whether there was room; if not, whether it was the holder's own share that is used up. */
export type Taken = 'taken' | 'own-share-used-up' | 'full';

/** How much of bodies a node holds at the same time: what strangers send takes no room from people, and nobody takes all of it. */
export class HeldBytes {
  readonly #limits: HeldLimits;
  readonly #held = { person: 0, stranger: 0, unknown: 0 };
  readonly #ofEach = new Map<string, number>();

  constructor(limits: HeldLimits) {
    this.#limits = limits;
  }

  take(holder: Holder, bytes: number): Taken {
    const { kind } = holder;
    const { all, each } = this.#limits[kind];
    const own = this.#ofEach.get(keyOf(holder)) ?? 0;
    if (own + bytes > each) return 'own-share-used-up';
    if (this.#held[kind] + bytes > all) return 'full';
    this.#set(holder, own + bytes);
    return 'taken';
  }

  give(holder: Holder, bytes: number): void {
    this.#set(holder, (this.#ofEach.get(keyOf(holder)) ?? 0) - bytes);
  }

  #set(holder: Holder, bytes: number): void {
    const key = keyOf(holder);
    this.#held[holder.kind] += bytes - (this.#ofEach.get(key) ?? 0);
    if (bytes > 0) this.#ofEach.set(key, bytes);
    else this.#ofEach.delete(key);
  }
}

function keyOf({ kind, key }: Holder): string {
  return `${kind} ${key}`;
}
