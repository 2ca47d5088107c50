import type { EventName } from './catalogue.ts';

/** Of one event and one cause a line is written no more often than this. */
export const ONCE_IN_MS = 60_000;
/** How often it is looked for lines that were left out and are due. */
const LOOK_EVERY_MS = 10_000;
/** So many causes of one event are told apart; those beyond count as one. */
export const MOST_CAUSES = 1_000;
/** The cause of all that are too many to be told apart. */
const OTHERS = '';

/** A line as it is written later, with how many were left out, itself included. */
export type WriteLeftOut = (leftOut: number) => void;

interface Entry {
  writtenAt: number;
  leftOut: number;
  write: WriteLeftOut;
}

/**
 * Keeps a log from being flooded: of one event and one cause the first line is written at once, and then at most one a minute,
 * with how many were left out, whether or not it happens again. Its memory and the lines of one event are bounded, whatever
 * somebody sends.
 */
export class Repeats {
  readonly #now: () => number;
  readonly #entries = new Map<EventName, Map<string, Entry>>();
  #looking: NodeJS.Timeout | undefined;

  /** `now` in milliseconds that only go forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a line is written now, and how many were left out before it; undefined when it is left out. `write` writes it later. */
  admit(event: EventName, cause: string, write: WriteLeftOut): { readonly leftOut: number } | undefined {
    const causes = this.#causesOf(event);
    const key = causes.has(cause) || causes.size < MOST_CAUSES ? cause : OTHERS;
    const before = causes.get(key);
    if (before && this.#now() - before.writtenAt < ONCE_IN_MS) {
      before.leftOut += 1;
      before.write = write;
      return undefined;
    }
    causes.set(key, { writtenAt: this.#now(), leftOut: 0, write });
    this.#looking ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    return { leftOut: before?.leftOut ?? 0 };
  }

  #causesOf(event: EventName): Map<string, Entry> {
    const known = this.#entries.get(event);
    if (known) return known;
    const causes = new Map<string, Entry>();
    this.#entries.set(event, causes);
    return causes;
  }

  /** Writes what is due, and forgets what has come to rest. */
  #look(): void {
    const now = this.#now();
    for (const [event, causes] of this.#entries) {
      for (const [key, entry] of causes) {
        if (now - entry.writtenAt < ONCE_IN_MS) continue;
        const { leftOut, write } = entry;
        if (leftOut === 0) {
          causes.delete(key);
          continue;
        }
        entry.writtenAt = now;
        entry.leftOut = 0;
        write(leftOut);
      }
      if (causes.size === 0) this.#entries.delete(event);
    }
    if (this.#entries.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
