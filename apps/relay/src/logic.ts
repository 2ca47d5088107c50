/* The parts of a relay that decide what goes to Redis and what is confirmed: the simulation drives them. */
export { Checkpoints } from './checkpoints.ts';
export type { BuiltFrame } from './frame-builder.ts';
export { PassPublisher } from './publisher.ts';
