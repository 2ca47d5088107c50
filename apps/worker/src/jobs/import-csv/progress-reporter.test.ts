import type { ImportProgress, ImportSummary } from '@meldesync/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgressReporter } from './progress-reporter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const summary = (id: string, read: number, status: ImportSummary['status'] = 'running'): ImportSummary => ({
  id,
  filename: 'a.csv',
  sizeBytes: 1,
  status,
  rows: { new: read, updated: 0, unchanged: 0, rejected: 0, warned: 0 },
  progress: 0,
  error: null,
  createdAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  createdBy: 'a',
  cancelledBy: null,
  continuedBy: null,
});

function setUp() {
  const heard: [string, string, number][] = [];
  const reporter = createProgressReporter({
    publish: async (workspace, message) => {
      const { import: told } = JSON.parse(message) as ImportProgress;
      heard.push([workspace, told.id, told.rows.new]);
    },
    onError: (error) => {
      throw error;
    },
  });
  return { heard, reporter };
}

it('tells of the first at once, and of what follows four times a second at most, with what is known last', () => {
  const { heard, reporter } = setUp();
  for (let read = 1; read <= 100; read++) reporter.report('w', summary('a', read));
  expect(heard).toEqual([['w', 'a', 1]]);
  vi.advanceTimersByTime(250);
  expect(heard).toEqual([
    ['w', 'a', 1],
    ['w', 'a', 100],
  ]);
  vi.advanceTimersByTime(10_000);
  expect(heard).toHaveLength(2);
  // A workspace of which nothing was heard for a while hears at once again.
  reporter.report('w', summary('a', 101));
  expect(heard).toHaveLength(3);
});

it('tells of a thousand files that end at once a few at a time, of every one, and keeps no other workspace waiting', () => {
  const { heard, reporter } = setUp();
  for (let file = 0; file < 1_000; file++) reporter.report('w', summary(`${file}`, 1, 'finished'));
  reporter.report('other', summary('b', 1));
  expect(heard).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(heard.length).toBeLessThanOrEqual(22);
  vi.advanceTimersByTime(60_000);
  expect(new Set(heard.map(([, id]) => id)).size).toBe(1_001);
});

it('sends what waits still when it ends, and nothing after that', () => {
  const { heard, reporter } = setUp();
  reporter.report('w', summary('a', 1));
  reporter.report('w', summary('a', 2, 'finished'));
  reporter[Symbol.dispose]();
  expect(heard.at(-1)).toEqual(['w', 'a', 2]);
  vi.advanceTimersByTime(10_000);
  expect(heard).toHaveLength(2);
});
