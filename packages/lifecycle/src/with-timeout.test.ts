import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withTimeout } from './with-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<string>(() => undefined);

it('is what the work comes to, and leaves no timer behind', async () => {
  expect(await withTimeout(Promise.resolve('done'), 1_000, () => 'late')).toBe('done');
  await expect(withTimeout(Promise.reject(new Error('broken')), 1_000, () => 'late')).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

it('is what was said for a late one, and what was thrown for it', async () => {
  const said = withTimeout(never(), 1_000, () => 'late');
  const thrown = withTimeout(never(), 1_000, () => {
    throw new Error('too late');
  });
  const expected = Promise.all([expect(said).resolves.toBe('late'), expect(thrown).rejects.toThrow('too late')]);
  vi.advanceTimersByTime(1_000);
  await expected;
});

it('takes a rejection that comes too late for nobody’s', async () => {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((_, refuse) => {
    reject = refuse;
  });
  const said = withTimeout(promise, 1_000, () => 'late');
  vi.advanceTimersByTime(1_000);
  expect(await said).toBe('late');
  // Vitest fails on a rejection that nobody handles.
  reject(new Error('later still'));
  await Promise.resolve();
});
