import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

/** What a fault is let happen with. */
export interface FaultContext {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
}

/** Something that can be done to the world. */
export interface SimFault {
  readonly name: string;
  /** Lets it happen once; says to whom, false when there is nobody it could happen to. */
  readonly cause: (context: FaultContext) => string | boolean;
  /** Of so many times that it is picked it happens once: it is hard on everybody. */
  readonly oneIn?: number;
}
