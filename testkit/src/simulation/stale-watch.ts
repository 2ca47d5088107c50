import { parseCursor } from '@meldesync/protocol';
import type { Scheduler } from './scheduler.ts';
import type { SimClient } from './sim-client.ts';
import type { SimDatabase } from './sim-database.ts';
import { isAfter } from './sim-log.ts';

/** A screen that lacks something for longer must say that it may be old. */
const LONGEST_UNTOLD_MS = 10_000;

/** Looks now and then whether a client says for too long that it is live, and is not. */
export class StaleWatch {
  readonly #scheduler: Scheduler;
  readonly #database: SimDatabase;
  readonly #client: SimClient;
  readonly #longestUntoldMs: number;
  /** Since when it has been awake, and says that it is live; undefined while it does not. */
  #toldSince: number | undefined;
  /** Since when its epoch is over. */
  #overSince: number | undefined;
  #epoch = '';
  /** The first commit that it may lack. */
  #next = 0;

  /** @param busDelayMs for how long a message to a node may be on its way: no node can know that, for it and the relay share no clock */
  constructor(scheduler: Scheduler, database: SimDatabase, client: SimClient, busDelayMs: number) {
    this.#longestUntoldMs = LONGEST_UNTOLD_MS + busDelayMs;
    this.#scheduler = scheduler;
    this.#database = database;
    this.#client = client;
  }

  /** Says what is wrong. */
  look(): string | undefined {
    const { now } = this.#scheduler;
    const { client, process } = this.#client;
    // What is still being fetched is shown to the person as a number (P40).
    const isTold = client.connection.name !== 'live' || client.fetching > 0;
    if (isTold || process.pausedUntil > now || client.cursor === null) {
      this.#toldSince = undefined;
      return undefined;
    }
    this.#toldSince ??= now;
    const lackingSince = this.#lackingSince(client.cursor);
    if (lackingSince === undefined) return undefined;
    const untoldMs = now - Math.max(this.#toldSince, lackingSince);
    if (untoldMs <= this.#longestUntoldMs) return undefined;
    return `${process.name} says that it is live, and has lacked something for ${Math.round(untoldMs)} ms`;
  }

  #lackingSince(cursor: string): number | undefined {
    const { records, feed } = this.#database;
    const { epoch, position } = parseCursor(cursor);
    const began = feed.epochs.get(epoch);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#next = 0;
    }
    if (began?.log !== records.log) {
      this.#overSince ??= this.#scheduler.now;
      return this.#overSince;
    }
    this.#overSince = undefined;
    const covered = isAfter(position, began.start) ? position : began.start;
    const { commits } = records.log;
    for (let commit = commits[this.#next]; commit; commit = commits[this.#next]) {
      const last = commit.frames.at(-1);
      if (last && isAfter(last.id, covered)) return records.visibleAt(commit);
      this.#next += 1;
    }
    return undefined;
  }
}
