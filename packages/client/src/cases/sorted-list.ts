/** A list that stays sorted. Changes of a few items cost a search and a move of pointers each, many cost one pass. */
export interface SortedList<T> {
  readonly length: number;
  /** The items in order. The array is not changed any more: the next change of the list makes a new one. */
  share(): readonly T[];
  /** Takes `removed` out and puts `added` in, all at once. Items that are not there are not removed. */
  exchange(removed: readonly T[], added: readonly T[]): void;
  /** Starts again with these items, sorted by `compare`. `isSorted`: they are in its order already. */
  reset(items: readonly T[], compare: (a: T, b: T) => number, isSorted: boolean): void;
}

/** From this many changes at once a pass over the list is cheaper than moves. */
const MANY = 64;

/**
 * Makes an empty list. `compare` must be a total order (0 for the same item only), and where an item stands must not
 * change while it is in the list.
 */
export function createSortedList<T>(compare: (a: T, b: T) => number): SortedList<T> {
  let order = compare;
  let items: T[] = [];
  let isShared = false;

  /** Index of the first item that is not before `item`. */
  const indexFor = (item: T): number => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = items[middle];
      if (candidate !== undefined && order(candidate, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const exchangeMany = (removed: readonly T[], added: readonly T[]): void => {
    const skipped = removed.map(indexFor).filter((at, i) => items[at] === removed[i]);
    skipped.sort((a, b) => a - b);
    const next: T[] = [];
    next.length = items.length - skipped.length + added.length;
    let from = 0;
    let to = 0;
    let skips = 0;
    const copyUntil = (end: number): void => {
      for (; from < end; from++) {
        if (from === skipped[skips]) skips++;
        else next[to++] = items[from] as T;
      }
    };
    for (const item of [...added].sort(order)) {
      copyUntil(indexFor(item));
      next[to++] = item;
    }
    copyUntil(items.length);
    items = next;
    isShared = false;
  };

  const exchangeFew = (removed: readonly T[], added: readonly T[]): void => {
    if (isShared) items = items.slice();
    isShared = false;
    for (const item of removed) {
      const at = indexFor(item);
      if (items[at] === item) items.splice(at, 1);
    }
    for (const item of added) items.splice(indexFor(item), 0, item);
  };

  return {
    get length() {
      return items.length;
    },
    share() {
      isShared = true;
      return items;
    },
    exchange(removed, added) {
      if (removed.length + added.length === 0) return;
      if (removed.length + added.length < MANY) exchangeFew(removed, added);
      else exchangeMany(removed, added);
    },
    reset(newItems, compare, isSorted) {
      order = compare;
      items = isSorted ? newItems.slice() : newItems.slice().sort(order);
      isShared = false;
    },
  };
}
