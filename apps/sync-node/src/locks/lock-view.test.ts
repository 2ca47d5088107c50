import type { StoredLock } from '@meldesync/locks';
import { LOCK_RESUME_MS, LOCK_TTL_MS, type Locks } from '@meldesync/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import { LockView } from './lock-view.ts';

const LOCK: StoredLock = {
  lock: '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10',
  token: 'secret',
  records: [1, 2],
  user: 'anna',
  instance: 'window-of-anna',
  connection: 'connection-1',
  since: Date.UTC(2026, 0, 1),
  orphaned: false,
};

let changes: Pick<Locks, 'set' | 'ended'>[] = [];
let ended: string[] = [];
let view: LockView;

beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  ended = [];
  view = new LockView({
    runtime: systemRuntime,
    onChange: (change) => changes.push(change),
    onEnded: ({ lock }) => ended.push(lock),
    onSet: () => undefined,
  });
});
afterEach(() => {
  view[Symbol.dispose]();
  vi.useRealTimers();
});

const set = (lock: StoredLock = LOCK, endsInMs = LOCK_TTL_MS) => view.receive({ kind: 'lock-set', lock, endsInMs });

it('R1.4 tells of a new lock, without what only nodes may know', () => {
  set();
  expect(changes).toEqual([
    {
      ended: [],
      set: [
        {
          lock: LOCK.lock,
          records: [1, 2],
          user: 'anna',
          instance: 'window-of-anna',
          since: '2026-01-01T00:00:00.000Z',
          endsInMs: null,
        },
      ],
    },
  ]);
});

it('says nothing of a lock that is kept alive', () => {
  set();
  for (let beat = 0; beat < 20; beat++) {
    vi.advanceTimersByTime(4_000);
    set();
  }
  expect(changes).toHaveLength(1);
  expect(view.all()).toMatchObject([{ endsInMs: null }]);
});

it('R2.3 counts down a lock whose holder is silent, and ends it though nobody takes it back', () => {
  set();
  vi.advanceTimersByTime(11_000);
  expect(changes.at(-1)?.set).toMatchObject([{ lock: LOCK.lock, endsInMs: LOCK_TTL_MS - 11_000 }]);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(LOCK_TTL_MS - 11_000 + 100);
  expect(changes.at(-1)?.ended).toEqual([{ lock: LOCK.lock, reason: 'expired' }]);
  expect(ended).toEqual([LOCK.lock]);
  expect(view.all()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('R2.3 counts down an orphaned lock at once, and stops when its client is back', () => {
  set();
  set({ ...LOCK, orphaned: true }, LOCK_RESUME_MS);
  expect(changes.at(-1)?.set).toMatchObject([{ endsInMs: LOCK_RESUME_MS }]);
  vi.advanceTimersByTime(4_000);
  expect(view.all()).toMatchObject([{ endsInMs: LOCK_RESUME_MS - 4_000 }]);
  set({ ...LOCK, connection: 'connection-2' });
  expect(changes.at(-1)?.set).toMatchObject([{ endsInMs: null }]);
  vi.advanceTimersByTime(9_000);
  expect(ended).toEqual([]);
});

it('takes what Redis holds as the truth after messages were missed', () => {
  set();
  const other = { ...LOCK, lock: 'b3b5a6a4-0c4e-4d0e-9a53-0c1f6a2b7d10', records: [3], user: 'ben' };
  view.load([{ ...other, endsInMs: 3_000 }]);
  expect(ended).toEqual([LOCK.lock]);
  expect(view.all()).toMatchObject([{ lock: other.lock, endsInMs: 3_000 }]);
});

it('R1.4 a lock whose record somebody else has now is over, though nobody could say so', () => {
  set();
  const other = { ...LOCK, lock: 'b3b5a6a4-0c4e-4d0e-9a53-0c1f6a2b7d10', records: [2, 3], user: 'ben' };
  set(other);
  expect(ended).toEqual([LOCK.lock]);
  expect(changes.at(-2)?.ended).toEqual([{ lock: LOCK.lock, reason: 'expired' }]);
  expect(view.all()).toMatchObject([{ lock: other.lock }]);
});
