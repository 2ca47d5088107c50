import type { Crash, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How often a process crashes, one life after the other; then it lives on. */
export const LIVES = 4;
/** How many awaits a life has at most. Short lives are more frequent: what happens at a start happens once in each. */
const MAX_AWAITS = { node: 100, relay: 40 };

/** The await at which a life ends. */
export function crashOf({ name }: SimProcess, random: SeededRandom, crashed: (at: string) => void): Crash {
  const most = name.startsWith('relay') ? MAX_AWAITS.relay : MAX_AWAITS.node;
  return { awaitsLeft: Math.ceil(most ** random.next()), leaves: random.chance(0.5), crashed };
}
