export { isAtLeast } from './degradation/decide.ts';
export type { DecidedLevel } from './degradation/level-decider.ts';
export type { DegradationLimits, MeasureLimits } from './degradation/measures.ts';
export * from './join-operations.ts';
export { Activity } from './status/activity.ts';
export type { LatencyWindow } from './status/latency-window.ts';
export type { FeedStatus } from './status/process-status.ts';
export { UNKNOWN_FEED } from './status/view.ts';
