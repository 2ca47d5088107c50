import type { SeededRandom } from './seeded-random.ts';

/** How bad every line is; TCP makes a lost packet a pause of what is behind it. */
export interface Lag {
  delayMs: number;
  /** Of messages; each is sent again `resendMs` later. */
  lossShare: number;
  resendMs: number;
}

export function noLag(): Lag {
  return { delayMs: 0, lossShare: 0, resendMs: 0 };
}

/** By how much a message is late. */
export function drawLagMs({ delayMs, lossShare, resendMs }: Lag, random: SeededRandom): number {
  return delayMs + (lossShare > 0 && random.chance(lossShare) ? resendMs : 0);
}
