/* The parts of a relay that decide what goes to Redis, what is confirmed and when an epoch ends: the simulation drives them. */
export { Checkpoints } from './checkpoints.ts';
export { type EpochFacts, whyEpochEnds } from './epoch-end.ts';
export type { BuiltFrame } from './frame-builder.ts';
export { EntriesLostError, EpochOverError, TakenOverError } from './pass-errors.ts';
export { PassPublisher } from './publisher.ts';
export { judgeStreamEnd } from './stream-watch.ts';
