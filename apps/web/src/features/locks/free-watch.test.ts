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
    const taken: string[] = [];
    const stop = watch.onFree(({ name }) => heard.push(name));
    watch.onTaken(({ name }) => taken.push(name));
    watch.add(WISH);
    return { client, watch, heard, taken, stop };
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
    watch.settle(WISH);
    expect(client.listenerCount).toBe(0);
  });

  it('says when a colleague takes the case again, and goes on waiting', () => {
    const { client, watch, heard, taken } = watchLocked();
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(taken).toEqual([]);
    client.show(liveLock({ lock: 'lock-2', user: 'cora', records: [2] }));
    expect(taken).toEqual(['Fall F-1']);
    expect(watch.has([1])).toBe(true);
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    expect(heard).toEqual(['Fall F-1', 'Fall F-1']);
  });

  it('says when the person takes the case, who waits no longer then', () => {
    const { client, watch, taken } = watchLocked();
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    client.show(liveLock({ lock: 'lock-2', user: 'anna', own: true, records: [1, 2] }));
    expect(taken).toEqual(['Fall F-1']);
    expect(watch.has([1])).toBe(false);
    expect(client.listenerCount).toBe(0);
  });

  it('says nothing of a case that the person has been to', () => {
    const { client, watch, taken } = watchLocked();
    client.show();
    vi.advanceTimersByTime(SETTLE_MS);
    watch.settle(WISH);
    client.show(liveLock({ lock: 'lock-2', records: [1] }));
    expect(taken).toEqual([]);
    expect(watch.has([1])).toBe(false);
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
