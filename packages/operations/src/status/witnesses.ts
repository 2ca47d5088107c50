/** What somebody told counts beside what others tell for so long. */
const WITNESSED_MS = 10_000;
/** So many people at least must have seen it as late … */
const LEAST_WITNESSES = 2;
/** … and so large a share of those who tell: 1 in so many. */
const ONE_IN = 4;
/** How late enough people have it is looked at no more often than this, however many tell. */
const LOOK_EVERY_MS = 250;

/**
 * Believes what people tell of how late changes come as far as others have it too. One person can say anything, and the level of all
 * would follow: so a latency counts for no more than the last ones of a quarter of those who tell, of two at least, and for nothing
 * where nobody else tells.
 */
export class Witnesses {
  readonly #now: () => number;
  readonly #last = new Map<string, { readonly at: number; readonly seconds: number }>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #most: number | undefined;

  /** `now` in monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A person tells of so many seconds: what of it counts; undefined for nothing. */
  witnessed(person: string, seconds: number): number | undefined {
    const now = this.#now();
    this.#last.set(person, { at: now, seconds });
    if (this.#most === undefined || now - this.#lookedAt >= LOOK_EVERY_MS) this.#look(now);
    return this.#most === undefined ? undefined : Math.min(seconds, this.#most);
  }

  #look(now: number): void {
    this.#lookedAt = now;
    for (const [person, { at }] of this.#last) if (now - at > WITNESSED_MS) this.#last.delete(person);
    const told = [...this.#last.values()].map(({ seconds }) => seconds).toSorted((a, b) => b - a);
    this.#most = told[Math.max(LEAST_WITNESSES, Math.ceil(told.length / ONE_IN)) - 1];
  }
}
