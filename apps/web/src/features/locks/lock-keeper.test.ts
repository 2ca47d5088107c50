import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { grantedLock, LocksByTest } from '../../../test/fake-locks.ts';
import { createLockKeeper, LINGER_MS } from './lock-keeper.ts';

const nothing = () => undefined;

describe('the locks of a window’s editors', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is shared by editors of the same case, in whatever order its records are named', async () => {
    const client = new LocksByTest();
    const keeper = createLockKeeper(client, 'anna');
    const closeFirst = keeper.of([1, 2]).subscribe(nothing);
    const closeSecond = keeper.of([2, 1]).subscribe(nothing);
    expect(client.asked).toHaveLength(1);
    const held = grantedLock([1, 2]);
    client.asked[0]?.answer({ outcome: 'granted', lock: held });
    await vi.advanceTimersByTimeAsync(0);
    closeFirst();
    await vi.advanceTimersByTimeAsync(LINGER_MS);
    expect(held.isReleased()).toBe(false);
    closeSecond();
    await vi.advanceTimersByTimeAsync(LINGER_MS);
    expect(held.isReleased()).toBe(true);
  });

  it('goes over to the next editor of the case without being given away', async () => {
    const client = new LocksByTest();
    const keeper = createLockKeeper(client, 'anna');
    const close = keeper.of([1]).subscribe(nothing);
    const held = grantedLock([1]);
    client.asked[0]?.answer({ outcome: 'granted', lock: held });
    await vi.advanceTimersByTimeAsync(0);
    close();
    const next = keeper.of([1]);
    next.subscribe(nothing);
    await vi.advanceTimersByTimeAsync(LINGER_MS);
    expect(client.asked).toHaveLength(1);
    expect(held.isReleased()).toBe(false);
    expect(next.getSnapshot()).toEqual({ kind: 'held' });
  });

  it('asks anew when an editor opens after another window took the case over', async () => {
    const client = new LocksByTest();
    const keeper = createLockKeeper(client, 'anna');
    const close = keeper.of([1]).subscribe(nothing);
    const held = grantedLock([1]);
    client.asked[0]?.answer({ outcome: 'granted', lock: held });
    await vi.advanceTimersByTimeAsync(0);
    held.lose({ reason: 'taken-over' });
    close();
    keeper.of([1]).subscribe(nothing);
    expect(client.asked).toHaveLength(2);
  });
});
