import type { Activity, ActivityCounts } from './activity.ts';
import { countsSince } from './latency-window.ts';
import type { HistoryPoint, ProcessStatus } from './process-status.ts';

/** What the level follows is of about so long. */
const RECENT_MS = 10_000;

interface Look {
  readonly at: number;
  readonly counts: ActivityCounts;
}

/** What a node has done lately: of the last 10 s, and since the last point of its history. `now` in monotonic milliseconds. */
export class RecentActivity {
  readonly #activity: Activity;
  #looks: Look[];
  #noted: Look;

  constructor(activity: Activity, now: number) {
    this.#activity = activity;
    this.#noted = { at: now, counts: activity.counts() };
    this.#looks = [this.#noted];
  }

  /** What happened in the last 10 s, or since the look before if that was earlier. */
  recent(now: number): NonNullable<ProcessStatus['recent']> {
    const counts = this.#activity.counts();
    const since = this.#looks.find(({ at }) => now - at <= RECENT_MS) ?? this.#looks.at(-1) ?? this.#noted;
    this.#looks = [...this.#looks.filter(({ at }) => now - at <= RECENT_MS), { at: now, counts }];
    return {
      // The level follows it, so nobody is believed alone.
      delivered: countsSince(counts.witnessed, since.counts.witnessed),
      answered: countsSince(counts.answeredToSeveral, since.counts.answeredToSeveral),
      errors: counts.errorsOfSeveral - since.counts.errorsOfSeveral,
    };
  }

  /** What happened since this was called last, as far as a history tells of it. */
  takePoint(now: number): Pick<HistoryPoint, 'spanMs' | 'delivered' | 'answered' | 'edits' | 'deliveries' | 'errors'> {
    const { at, counts: before } = this.#noted;
    const counts = this.#activity.counts();
    this.#noted = { at: now, counts };
    return {
      spanMs: Math.max(1, now - at),
      delivered: countsSince(counts.delivered, before.delivered),
      answered: countsSince(counts.answered, before.answered),
      edits: counts.edits - before.edits,
      deliveries: counts.deliveries - before.deliveries,
      errors: counts.errors - before.errors,
    };
  }
}
