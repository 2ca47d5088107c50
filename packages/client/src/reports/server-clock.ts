/** So long the best measurement stands: clocks drift, and what was measured on a quiet line is better than what came after. */
const KEPT_MS = 60_000;

/** Two clocks drift apart by less in that time. */
const DRIFT_MS = 20;

interface Measurement {
  readonly offsetMs: number;
  readonly roundTripMs: number;
  readonly at: number;
}

/** What the node's clock says, as far as pings have told (P50). Times are epoch milliseconds. */
export interface ServerClock {
  /** A ping that was sent then was answered when the node's clock said `at`; now is when its answer came. */
  measured(sentAt: number, at: number, now: number): void;
  /** The same moment by the node's clock; undefined before the first answer. */
  toServer(here: number): number | undefined;
  /** Another node may have another clock. */
  forget(): void;
}

/** Takes the answer that was quickest: half its round trip is the most that the offset can be wrong by. */
export function createServerClock(): ServerClock {
  let best: Measurement | undefined;
  return {
    measured(sentAt, at, now) {
      const roundTripMs = now - sentAt;
      if (roundTripMs < 0) return;
      const offsetMs = at - (sentAt + now) / 2;
      const isBetter = !best || roundTripMs <= best.roundTripMs || now - best.at >= KEPT_MS;
      if (best && !isBetter && isPossible(best, offsetMs, roundTripMs)) return;
      // What a round trip whose two ways were not equal would look like is taken for that, and the clocks for the same.
      best = { offsetMs: Math.abs(offsetMs) <= roundTripMs / 2 ? 0 : offsetMs, roundTripMs, at: now };
    },
    toServer: (here) => best && here + best.offsetMs,
    forget() {
      best = undefined;
    },
  };
}

/** Whether both measurements can be of the same two clocks: none is wrong by more than half of its round trip. */
function isPossible(best: Measurement, offsetMs: number, roundTripMs: number): boolean {
  return Math.abs(best.offsetMs - offsetMs) <= (best.roundTripMs + roundTripMs) / 2 + DRIFT_MS;
}
