import { z } from 'zod';
import { readValue } from './unreadable.ts';

/** What was left out of a list, by the list. */
const leftOut = new WeakMap<readonly unknown[], readonly unknown[]>();

/** A list as a client reads it: an entry that cannot be read is left out, and the others stay (P45). */
export function readableList<T>(entry: z.ZodType<T>) {
  return z.array(z.unknown()).transform((values): T[] => {
    const unreadable: unknown[] = [];
    const list = values.flatMap((value) => {
      const reading = readValue(entry, value);
      if ('value' in reading) return [reading.value];
      unreadable.push(value);
      return [];
    });
    if (unreadable.length > 0) leftOut.set(list, unreadable);
    return list;
  });
}

/** What could not be read of a list that `readableList` has read. */
export function unreadableIn(list: readonly unknown[]): readonly unknown[] {
  return leftOut.get(list) ?? [];
}
