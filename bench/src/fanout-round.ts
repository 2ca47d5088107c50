/** Defaults of the options. */
export const FANOUT_OPTIONS = { clients: 500, rate: 40, seconds: 20, rounds: 2 };
export type FanoutOptions = typeof FANOUT_OPTIONS;

/** What one run of one system came to. CPU in seconds, of the measured stretch alone. */
export interface Round {
  readonly nodeCpu: number;
  /** The nodes, Redis, and whatever of ours stands between Postgres and Redis. */
  readonly allCpu: number;
  readonly deliveries: number;
  /** Of the whole run, with its warm-up: deliveries that did not come, frames that did not follow on the one before. */
  readonly lost: number;
  readonly outOfOrder: number;
  /** Of one message, and frames in one message, on average. */
  readonly messageBytes: number;
  readonly framesPerMessage: number;
}
