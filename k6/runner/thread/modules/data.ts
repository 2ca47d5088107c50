import type * as data from 'k6/data';
import type { Vu } from '../vu.ts';

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

/** The module `k6/data`: an array is made once for each thread, and frozen. */
export function createDataModule(vu: Vu) {
  // A function, and no class: `new` gives what it returns.
  function SharedArray<Item>(name: string, make: () => Item[]): Item[] {
    if (vu.iteration) throw new Error(`new SharedArray("${name}") can be used only while the script is loaded`);
    const known = vu.host.sharedArrays.get(name);
    if (known) return known as Item[];
    const made: unknown = make();
    if (!Array.isArray(made)) throw new Error(`the function of the SharedArray "${name}" returns no array`);
    freeze(made);
    vu.host.sharedArrays.set(name, made);
    return made;
  }
  return { SharedArray: SharedArray as unknown as (typeof data)['SharedArray'] } satisfies typeof data;
}
