import type { SeededRandom } from '../seeded-random.ts';

/** One of the items; undefined when there is none. */
export function pickOf<T>(items: Iterable<T>, random: SeededRandom): T | undefined {
  const list = [...items];
  return list.length > 0 ? random.pick(list) : undefined;
}
