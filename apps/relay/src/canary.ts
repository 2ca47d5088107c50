import type { FeedHeads, FeedPublisher } from '@meldesync/bus';
import { type Database, emitCanary } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { repeat } from './repeat.ts';

const CANARY_INTERVAL_MS = 1_000;
/** A relay whose last canary came round longer ago than this does not do what it is there for. */
export const CANARY_LIMIT_MS = 6_000;

/**
 * How fresh what comes out of the log is. Canaries say when they were written by Postgres' clock, which is followed here, so
 * that those of the relay before, and what is read once more, are as old as they are. `now` is in monotonic milliseconds.
 */
export class CanaryRound {
  /** Postgres' clock minus ours; undefined before Postgres has said what it is. */
  #offsetMs: number | undefined;
  /** When the freshest canary that Redis took was written. */
  #freshAt = Number.NEGATIVE_INFINITY;
  #silences = 0;

  /** Postgres wrote a canary at `at`, in its own epoch milliseconds, between two moments here. */
  emitted(at: number, sentAt: number, answeredAt: number): void {
    this.#offsetMs = at - (sentAt + answeredAt) / 2;
  }

  /** How long ago a canary was written; undefined when it cannot be said. A clock that was set back makes nothing younger than new. */
  transitMs(content: string, now: number): number | undefined {
    const at = Number(content);
    if (this.#offsetMs === undefined || content === '' || !Number.isFinite(at)) return undefined;
    return Math.max(0, Math.round(now + this.#offsetMs - at));
  }

  /** How often the sender of the log has fallen silent since a canary came round last. */
  get silences(): number {
    return this.#silences;
  }

  /** A pass has ended because the sender of the log fell silent. */
  fellSilent(): void {
    this.#silences += 1;
  }

  /** Redis took a canary that was written so long before `now`. */
  delivered(transitMs: number, now: number): void {
    this.#freshAt = Math.max(this.#freshAt, now - transitMs);
    this.#silences = 0;
  }

  /** How old what nodes hear is; infinite before the first canary came round. */
  ageMs(now: number): number {
    return now - this.#freshAt;
  }
}

export interface CanaryContext {
  readonly round: CanaryRound;
  readonly database: Database;
  readonly feed: Pick<FeedPublisher, 'canary'>;
  /** Which feeds have moved lately. */
  readonly moved: () => FeedHeads | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly fail: (error: Error) => void;
}

/** Writes a canary every second. That one could not be written ends nothing: the feed goes on, and is told apart by its age. */
export async function emitCanaries({ round, database, logger, signal }: Omit<CanaryContext, 'moved'>): Promise<void> {
  const emit = async (): Promise<void> => {
    const sentAt = performance.now();
    try {
      const at = await emitCanary(database.drizzle);
      round.emitted(at, sentAt, performance.now());
    } catch (error) {
      if (!signal.aborted) logger.event('canary-not-written', { err: error });
    }
  };
  await emit();
  await repeat(CANARY_INTERVAL_MS, signal, emit);
}

/** Passes a canary that came out of the log on to the nodes, behind the frames that came before it. */
export function passCanaryOn(
  { round, feed, moved, fail }: Pick<CanaryContext, 'round' | 'feed' | 'moved' | 'fail'>,
  content: string,
): void {
  const transitMs = round.transitMs(content, performance.now());
  if (transitMs === undefined) return;
  const sentAt = performance.now();
  feed.canary({ transitMs, moved: moved() }).then(() => round.delivered(transitMs, sentAt), fail);
}
