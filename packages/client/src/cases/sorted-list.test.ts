import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSortedList } from './sorted-list.ts';

interface Item {
  readonly value: number;
  readonly id: number;
}

const ascending = (a: Item, b: Item): number => a.value - b.value || a.id - b.id;
const descending = (a: Item, b: Item): number => -ascending(a, b);

describe('sorted list', () => {
  it('is what sorting anew gives, after exchanges of any size', () => {
    const exchange = fc.record({
      remove: fc.array(fc.nat(), { maxLength: 120, size: 'max' }),
      add: fc.array(fc.nat(50), { maxLength: 120, size: 'max' }),
    });
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 20 }), fc.boolean(), (exchanges, isDescending) => {
        const compare = isDescending ? descending : ascending;
        const list = createSortedList(ascending);
        list.reset([], compare, true);
        let model: Item[] = [];
        let id = 0;
        for (const { remove, add } of exchanges) {
          const removed = [...new Set(remove.map((pick) => model[pick % Math.max(1, model.length)]))].filter(
            (item) => item !== undefined,
          );
          const added = add.map((value) => ({ value, id: ++id }));
          list.exchange(removed, added);
          model = [...model.filter((item) => !removed.includes(item)), ...added];
          expect(list.share()).toEqual([...model].sort(compare));
          expect(list.length).toBe(model.length);
        }
      }),
    );
  });

  it('leaves a shared array as it was', () => {
    for (const size of [1, 100]) {
      const list = createSortedList(ascending);
      const items = Array.from({ length: size }, (_, id) => ({ value: id, id }));
      list.exchange([], items);
      const shared = list.share();
      const before = [...shared];
      list.exchange(items.slice(0, size - 1), [{ value: -1, id: -1 }]);
      expect(shared).toEqual(before);
      expect(list.share()).not.toBe(shared);
    }
  });

  it('shares the same array until something changes', () => {
    const list = createSortedList(ascending);
    list.exchange([], [{ value: 1, id: 1 }]);
    const shared = list.share();
    list.exchange([], []);
    expect(list.share()).toBe(shared);
  });

  it('does not remove an item that is not in it', () => {
    const list = createSortedList(ascending);
    list.exchange([], [{ value: 1, id: 1 }]);
    list.exchange([{ value: 1, id: 1 }], []);
    expect(list.length).toBe(1);
  });
});
