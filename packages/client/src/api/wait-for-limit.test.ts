import { toProblem } from '@meldesync/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApi } from './api.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An API that refuses so many requests by a limit, for so many seconds each. */
function setUp(refusals: number, seconds: number) {
  let asked = 0;
  const api = createApi({
    baseUrl: 'https://melde.example',
    fetch: async () => {
      asked += 1;
      if (asked > refusals) return Response.json({ members: [] });
      const headers = { 'retry-after': `${seconds}` };
      return Response.json(toProblem('rate-limited', 'en', {}), { status: 429, headers });
    },
  });
  return { api, asked: () => asked };
}

it('what changes nothing is asked for again once the limit is over', async () => {
  const { api, asked } = setUp(2, 3);
  const members = api.members('a');
  await vi.advanceTimersByTimeAsync(2_999);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(3_001);
  expect(await members).toEqual([]);
  expect(asked()).toBe(3);
});

it('a limit that stays, or lasts longer than anybody waits, is told with its time', async () => {
  const stays = setUp(9, 1);
  const failed = expect(stays.api.members('a')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 1_000 });
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
  expect(stays.asked()).toBe(4);
  const long = setUp(1, 60);
  await expect(long.api.members('a')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 60_000 });
  expect(long.asked()).toBe(1);
});

it('what changes something is not sent again', async () => {
  const { api, asked } = setUp(1, 1);
  await expect(api.reauthenticate('a password')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 1_000 });
  expect(asked()).toBe(1);
});

it('who no longer wants it does not wait', async () => {
  const { api } = setUp(1, 5);
  const wanted = new AbortController();
  const failed = expect(api.members('a', { signal: wanted.signal })).rejects.toThrow('no longer');
  await vi.advanceTimersByTimeAsync(100);
  wanted.abort(new Error('no longer'));
  await failed;
});
