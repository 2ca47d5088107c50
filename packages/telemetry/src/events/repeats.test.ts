import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MOST_CAUSES, ONCE_IN_MS, Repeats } from './repeats.ts';

let written: [cause: string, leftOut: number][];
let repeats: Repeats;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  repeats = new Repeats(() => Date.now());
});

afterEach(() => {
  vi.useRealTimers();
});

function say(cause: string): void {
  const write = (leftOut: number) => void written.push([cause, leftOut]);
  const admitted = repeats.admit('stream-gap', cause, write);
  if (admitted) write(admitted.leftOut);
}

it('writes the first of a cause at once, and the others once a minute with their number', () => {
  for (let i = 0; i < 5_400; i++) {
    say('disk');
    if (i === 0) say('other');
    vi.advanceTimersByTime(1_000 / 90);
  }
  expect(written).toEqual([
    ['disk', 0],
    ['other', 0],
  ]);
  vi.advanceTimersByTime(ONCE_IN_MS);
  expect(written.slice(2)).toEqual([['disk', 5_399]]);
});

it('says it at once again after a quiet minute, and holds nothing then', () => {
  say('disk');
  vi.advanceTimersByTime(2 * ONCE_IN_MS);
  expect(vi.getTimerCount()).toBe(0);
  say('disk');
  expect(written).toEqual([
    ['disk', 0],
    ['disk', 0],
  ]);
});

it('says what was left out with the next one that is due', () => {
  say('disk');
  say('disk');
  vi.setSystemTime(Date.now() + ONCE_IN_MS);
  say('disk');
  expect(written).toEqual([
    ['disk', 0],
    ['disk', 1],
  ]);
});

it('stays small, and so does the log, however many causes there are', () => {
  for (let i = 0; i < 3 * MOST_CAUSES; i++) say(`${i}`);
  expect(written).toHaveLength(MOST_CAUSES + 1);
  vi.advanceTimersByTime(ONCE_IN_MS);
  expect(written.slice(MOST_CAUSES + 1)).toEqual([[`${3 * MOST_CAUSES - 1}`, 2 * MOST_CAUSES - 1]]);
});
