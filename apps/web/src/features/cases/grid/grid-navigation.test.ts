import { describe, expect, it } from 'vitest';
import { moveInGrid } from './grid-navigation.ts';

const size = { rows: 100, columns: 10, pageRows: 20 };
const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false });
const from = { row: 5, column: 3 };

describe('moveInGrid', () => {
  it.each([
    ['ArrowDown', false, { row: 6, column: 3 }],
    ['ArrowUp', false, { row: 4, column: 3 }],
    ['ArrowRight', false, { row: 5, column: 4 }],
    ['ArrowLeft', false, { row: 5, column: 2 }],
    ['Home', false, { row: 5, column: 0 }],
    ['End', false, { row: 5, column: 9 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 99, column: 9 }],
    ['PageDown', false, { row: 25, column: 3 }],
    ['PageUp', false, { row: 0, column: 3 }],
    ['ArrowDown', true, { row: 99, column: 3 }],
  ])('%s (Ctrl %s)', (key, ctrl, expected) => {
    expect(moveInGrid(press(key, ctrl), from, size)).toEqual(expected);
  });

  it('stays inside', () => {
    expect(moveInGrid(press('ArrowDown'), { row: 99, column: 9 }, size)).toEqual({ row: 99, column: 9 });
    expect(moveInGrid(press('ArrowUp'), { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 });
  });

  it('leaves other keys alone', () => {
    expect(moveInGrid(press('x'), from, size)).toBeNull();
  });
});
