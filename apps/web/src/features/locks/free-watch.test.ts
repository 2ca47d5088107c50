import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocksByTest, liveLock } from '../../../test/fake-locks.ts';
import { createFreeWatch, SETTLE_MS } from './free-watch.ts';

const WISH = { records: [1, 2], name: 'Fall F-1' };

describe('telling when a case is free', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watchLocked() {
    const client = new LocksByTest();
    client.show(liveLock({ records: [1, 2] }));
    const watch = createFreeWatch(client, 'anna');
    const heard: string[] = [];
    const stop = watch.onFree(({ name }) => heard.push(name));
    watch.add(WISH);
    return { client, watch, heard, stop };
  }

  it('tells once, and forgets the wish', () => {
    const { client, watch, heard } = watchLocked();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual([]);
    expect(watch.has([2])).toBe(true);
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual(['Fall F-1']);
    expect(watch.has([1, 2])).toBe(false);
    expect(client.listenerCount).toBe(0);
  });

  it('keeps silent while the case goes from one field to the next, and while there is no connection', () => {
    const { client, heard } = watchLocked();
    client.show();
    client.show(liveLock({ lock: 'lock-2', records: [1] }));
    vi.advanceTimersByTime(SETTLE_MS);
    client.connect({ name: 'connecting' });
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual([]);
    client.connect({ name: 'live', roundTripMs: null });
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual(['Fall F-1']);
  });

  it('tells nothing of a wish that was taken back', () => {
    const { client, watch, heard } = watchLocked();
    watch.remove([1]);
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual([]);
  });

  it('listens to nothing once nobody hears', () => {
    const { client, stop } = watchLocked();
    stop();
    expect(client.listenerCount).toBe(0);
  });
});
