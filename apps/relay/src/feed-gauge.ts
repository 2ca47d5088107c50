import type { FeedStatus } from '@meldesync/operations';
import { repeat } from './repeat.ts';

const MEASURE_EVERY_MS = 2_000;
/** What was measured longer ago is not known any more. */
const KNOWN_MS = 10_000;

/** What is measured of a pass. */
export interface FeedMeasures {
  /** Where Postgres' log ends, as a decimal LSN. */
  readonly logEnd: () => Promise<string>;
  /** All frames of commits before this LSN (decimal) have been published. */
  readonly handledLsn: () => string;
  /** When the oldest frame was sent that Redis has not answered yet, in monotonic milliseconds. */
  readonly oldestSentAt: () => number | undefined;
}

/** How far the feed is behind, and what of it is kept, while this relay is active. Moments are in monotonic milliseconds. */
export class FeedGauge {
  #measures: FeedMeasures | undefined;
  #lag: { readonly bytes: number; readonly at: number } | undefined;
  #kept: { readonly frames: number; readonly bytes: number } | undefined;

  /** Measures a pass until the signal. That it cannot be measured ends nothing. */
  async follow(measures: FeedMeasures, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    this.#measures = measures;
    const look = async (): Promise<void> => {
      try {
        const end = await measures.logEnd();
        const bytes = Math.max(0, Number(BigInt(end) - BigInt(measures.handledLsn())));
        this.#lag = { bytes, at: performance.now() };
      } catch (error) {
        this.#lag = undefined;
        if (!signal.aborted) onError(error);
      }
    };
    try {
      await look();
      await repeat(MEASURE_EVERY_MS, signal, look);
    } finally {
      [this.#measures, this.#lag, this.#kept] = [undefined, undefined, undefined];
    }
  }

  /** So much is kept in Redis. */
  buffered(kept: { readonly frames: number; readonly bytes: number }): void {
    this.#kept = kept;
  }

  /** Undefined while this relay is not active. */
  status(now: number): FeedStatus | undefined {
    if (!this.#measures) return undefined;
    const oldest = this.#measures.oldestSentAt();
    return {
      lagBytes: this.#lag && now - this.#lag.at <= KNOWN_MS ? this.#lag.bytes : null,
      delaySeconds: oldest === undefined ? 0 : (now - oldest) / 1_000,
      bufferFrames: this.#kept?.frames ?? null,
      bufferBytes: this.#kept?.bytes ?? null,
    };
  }
}
