import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFanout, spacingMs } from './fanout.ts';

describe('fanout', () => {
  let sockets = 10;
  const published: string[] = [];
  const fanout = () => createFanout({ publish: (message) => published.push(message), liveCount: () => sockets });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
    published.length = 0;
    sockets = 10;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('R1.2 sends at once to few sockets, and the frames of one tick together', () => {
    const { send } = fanout();
    send('1');
    send('2');
    vi.advanceTimersByTime(0);
    send('3');
    vi.advanceTimersByTime(0);
    expect(published).toEqual(['{"type":"frames","frames":[1,2]}', '{"type":"frames","frames":[3]}']);
  });

  it('R3.5 to many sockets, sends the first at once and lets those that follow share a message', () => {
    sockets = 1_000;
    const { send } = fanout();
    send('1');
    vi.advanceTimersByTime(0);
    expect(published).toHaveLength(1);
    send('2');
    vi.advanceTimersByTime(25);
    send('3');
    vi.advanceTimersByTime(24);
    expect(published).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(published[1]).toBe('{"type":"frames","frames":[2,3]}');
    vi.advanceTimersByTime(60);
    send('4');
    vi.advanceTimersByTime(0);
    expect(published).toHaveLength(3);
  });

  it('sends nothing twice when it is flushed while it waits', () => {
    sockets = 1_000;
    const { send, flush } = fanout();
    send('1');
    vi.advanceTimersByTime(0);
    send('2');
    flush();
    vi.advanceTimersByTime(100);
    expect(published).toHaveLength(2);
  });

  it('R1.2 never keeps a frame longer than 50 ms', () => {
    expect([0, 150, 250, 100_000].map(spacingMs)).toEqual([0, 0, 50, 50]);
  });
});
