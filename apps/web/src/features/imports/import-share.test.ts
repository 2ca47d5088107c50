import { describe, expect, it } from 'vitest';
import { takenOf } from './import-share.ts';

const rows = { new: 300, updated: 150, unchanged: 40, rejected: 10, warned: 3 };

describe('how much of a cancelled import was taken over', () => {
  it('tells rows that are in from those that were rejected and those that nobody looked at', () => {
    expect(takenOf({ rows, progress: 500 / 1_500 })).toEqual({ taken: 490, rejected: 10, total: 1_500, left: 1_000 });
    for (const total of [501, 999, 30_000, 1_000_000])
      expect(takenOf({ rows, progress: 500 / total }).total).toBe(total);
  });

  it('knows no total where nothing was read', () => {
    const none = { new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 };
    expect(takenOf({ rows: none, progress: 0 })).toEqual({ taken: 0, rejected: 0, total: 0, left: 0 });
  });
});
