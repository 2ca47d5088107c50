import type { AppliedChange, ClientRecord } from '@meldesync/client';
import { describe, expect, it, vi } from 'vitest';
import { sampleRecord } from '../../test/sample-record.ts';
import { createRemoteMarks, MARK_MS } from './remote-marks.ts';

const before = sampleRecord(7, 'F-1');

function change(after: Partial<ClientRecord>, own = false): AppliedChange {
  const { id: record } = before;
  return {
    change: { record, version: 2, op: 'update', set: {}, by: 'user:jana', via: 'web', at: '2025-01-01T00:00:01.000Z' },
    before,
    after: { ...before, ...after },
    own,
  };
}

/** A store that a test feeds, and a clock it turns. */
function setUp() {
  let listener: (changes: readonly AppliedChange[]) => void = () => undefined;
  let now = 0;
  let timers: { callback: () => void; at: number }[] = [];
  const store = {
    subscribe(added: typeof listener) {
      listener = added;
      return () => undefined;
    },
  };
  const marks = createRemoteMarks(store, {
    now: () => now,
    setTimeout(callback, delayMs) {
      const timer = { callback, at: now + delayMs };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers = timers.filter((other) => other !== timer);
    },
  });
  return {
    marks,
    feed: (...changes: AppliedChange[]) => listener(changes),
    advance(ms: number) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.callback();
    },
    pendingTimers: () => timers.length,
  };
}

describe('remote marks', () => {
  it('mark the field a colleague changed, for two seconds (R1.2)', () => {
    const { marks, feed, advance, pendingTimers } = setUp();
    feed(change({ done: true }));
    expect(marks.of(7, 'done')?.by).toBe('user:jana');
    expect(marks.of(7, 'note')).toBeUndefined();
    advance(MARK_MS - 1);
    expect(marks.of(7, 'done')).toBeDefined();
    advance(1);
    expect(marks.of(7, 'done')).toBeUndefined();
    expect(pendingTimers()).toBe(0);
  });

  it('leave own changes alone', () => {
    const { marks, feed } = setUp();
    feed(change({ done: true }, true));
    expect(marks.of(7, 'done')).toBeUndefined();
  });

  it('mark a new record as a whole', () => {
    const { marks, feed } = setUp();
    feed({ ...change({}), before: undefined });
    expect(marks.of(7, 'ibe')).toBeDefined();
  });

  it('last from the latest of several changes of one field', () => {
    const { marks, feed, advance } = setUp();
    feed(change({ note: 'a' }));
    advance(MARK_MS / 2);
    feed(change({ note: 'b' }));
    advance(MARK_MS / 2);
    expect(marks.of(7, 'note')).toBeDefined();
    advance(MARK_MS / 2);
    expect(marks.of(7, 'note')).toBeUndefined();
  });

  it('are not set for a bulk change, and end with the page', () => {
    const { marks, feed, pendingTimers } = setUp();
    feed(...Array.from({ length: 500 }, () => change({ done: true })));
    expect(marks.of(7, 'done')).toBeUndefined();
    feed(change({ done: true }));
    const listener = vi.fn();
    marks.subscribe(listener);
    marks.dispose();
    expect(pendingTimers()).toBe(0);
    expect(listener).not.toHaveBeenCalled();
  });
});
