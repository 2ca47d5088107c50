import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createWaitReport } from './wait-report.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function wait(waitMs: number, { isWatched = false, json = false } = {}) {
  const terminal = createTestTerminal([], isWatched ? { answers: [] } : {});
  const held = vi.fn();
  const report = createWaitReport(createContext(terminal), { held }, { waitMs, json });
  return { terminal, held, report };
}

it('counts on a terminal how long it has waited and how long it still will', async () => {
  const { terminal, report } = wait(90_000, { isWatched: true });
  report.held([]);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(terminal.err()).toContain('Warte seit 0:00, noch höchstens 1:30.');
  expect(terminal.err()).toContain('Warte seit 0:31, noch höchstens 0:59.');
  report.over();
  const written = terminal.err();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(terminal.err()).toBe(written);
  expect(written.endsWith('\r\u001b[K')).toBe(true);
});

it('counts without an end where there is none', async () => {
  const { terminal, report } = wait(Number.POSITIVE_INFINITY, { isWatched: true });
  report.held([]);
  await vi.advanceTimersByTimeAsync(3_725_000);
  expect(terminal.err()).toContain('Warte seit 1:02:05. Strg-C bricht ab.');
  report.over();
});

it('says once elsewhere that it waits and for how long, and each time who has the lock', () => {
  const { terminal, held, report } = wait(600_000);
  report.held([]);
  report.held([]);
  report.over();
  expect(terminal.err()).toBe('  Warte höchstens 10:00, bis der Fall frei ist …\n');
  expect(held).toHaveBeenCalledTimes(2);
});

it('leaves it to the events where a script reads them', () => {
  const { terminal, held, report } = wait(600_000, { json: true, isWatched: true });
  report.held([]);
  report.over();
  expect(terminal.err()).toBe('');
  expect(held).toHaveBeenCalledWith([], true);
});
