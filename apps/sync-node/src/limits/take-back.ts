import type { LimitCounter } from '@meldesync/bus';

/** Takes back one that was counted, unless it is forgotten by now: a count below nothing would let more through than may. */
export async function takeBack(counter: LimitCounter, key: string): Promise<void> {
  const left = await counter.add(key, -1);
  if (left < 0) await counter.add(key, 1);
}
