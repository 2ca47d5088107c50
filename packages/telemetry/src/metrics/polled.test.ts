import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { polled } from './polled.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('asks at most every 5 s, however often it is read', async () => {
  const ask = vi.fn(async () => ask.mock.calls.length);
  const read = polled(ask, () => expect.fail('it failed'));
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(await read()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await read()).toBe(2);
});

it('waits for no answer longer than 1 s, and tells the last one for a minute', async () => {
  const failures: unknown[] = [];
  let answer: () => Promise<number> = async () => 7;
  const read = polled(
    () => answer(),
    (error) => failures.push(error),
  );
  expect(await read()).toBe(7);
  answer = () => new Promise(() => undefined);
  await vi.advanceTimersByTimeAsync(5_000);
  const late = read();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await late).toBe(7);
  await vi.advanceTimersByTimeAsync(60_000);
  const tooLate = read();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await tooLate).toBeUndefined();
  expect(failures).toEqual([]);
});

it('says that it failed, and asks again later', async () => {
  const failures: unknown[] = [];
  const refused = new Error('refused');
  const ask = vi.fn<() => Promise<number>>().mockRejectedValueOnce(refused).mockResolvedValue(3);
  const read = polled(ask, (error) => failures.push(error));
  expect(await read()).toBeUndefined();
  expect(failures).toEqual([refused]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await read()).toBe(3);
});
