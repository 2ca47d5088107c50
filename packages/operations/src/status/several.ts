/** What happened to somebody counts beside what happens to others for so long. */
const BESIDE_MS = 10_000;

/** Counts what happens to several people: what one person brings upon themselves is not believed to be everybody's. */
export class Several {
  readonly #now: () => number;
  readonly #last = new Map<string, number>();
  /** What has happened to one person alone. */
  #uncounted = 0;

  /** `now` in monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** It happened to a person: how much counts now. Nothing until it happens to somebody else too, then what went before as well. */
  happened(person: string): number {
    const now = this.#now();
    for (const [one, at] of this.#last) if (now - at > BESIDE_MS) this.#last.delete(one);
    if (this.#last.size === 0) this.#uncounted = 0;
    this.#last.set(person, now);
    if (this.#last.size === 1) {
      this.#uncounted += 1;
      return 0;
    }
    const counted = this.#uncounted + 1;
    this.#uncounted = 0;
    return counted;
  }
}
