import { expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import type { ClientRuntime } from '../types/environment.ts';
import { createLeavingLocks } from './leaving.ts';
import { createLockRequests } from './requests.ts';

it('a lock that is told to be gone leaves nothing behind when the client is stopped before its question is answered', async () => {
  const timers = new Set<unknown>();
  let next = 0;
  const runtime: ClientRuntime = {
    ...systemRuntime,
    now: () => 0,
    random: () => 0.5,
    randomId: () => `id-${next++}`,
    setTimeout: () => {
      const timer = { id: next++ };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: unknown) => {
      timers.delete(timer);
    },
  };
  const requests = createLockRequests(runtime);
  const send = vi.fn();
  const budget = { spend: () => true, reset: () => undefined };
  const leaving = createLeavingLocks({ runtime, budget, requests, isOnline: () => true, send });
  const gone = leaving.giveBack({ lock: 'l1', records: [1] });
  expect([send.mock.calls.length, timers.size]).toEqual([1, 1]);
  leaving.left('l1');
  await gone;
  requests.failAll('unavailable');
  expect([send.mock.calls.length, timers.size]).toEqual([1, 0]);
});
