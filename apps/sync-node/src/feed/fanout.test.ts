import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import { createFanout, spacingMs } from './fanout.ts';

const FACTS = { epoch: '0123abcd', id: '1-0', prev: '0-0', txid: '7', changes: 1, checksum: 1 } as const;
const frame = (json: string) => ({ ...FACTS, json });
const range = (from: string, to: string) => ({ from, to, changes: 200, txids: ['7'], checksum: 1 });

/** The message without when it was sent, which it says. */
function untimed(message: string): string {
  const told = JSON.parse(message) as { type: string; sentAt?: number };
  expect(typeof told.sentAt).toBe(told.type === 'frames' ? 'number' : 'undefined');
  return message.replace(/,"sentAt":[\d.]+/, '');
}

describe('fanout', () => {
  let sockets = 10;
  const published: string[] = [];
  const fanout = () =>
    createFanout({
      publish: (message) => published.push(untimed(message)),
      liveCount: () => sockets,
      runtime: systemRuntime,
    });

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
    send(frame('1'));
    send(frame('2'));
    vi.advanceTimersByTime(0);
    send(frame('3'));
    vi.advanceTimersByTime(0);
    expect(published).toEqual(['{"type":"frames","frames":[1,2]}', '{"type":"frames","frames":[3]}']);
  });

  it('R3.5 to many sockets, sends the first at once and lets those that follow share a message', () => {
    sockets = 1_000;
    const { send } = fanout();
    send(frame('1'));
    vi.advanceTimersByTime(0);
    expect(published).toHaveLength(1);
    send(frame('2'));
    vi.advanceTimersByTime(25);
    send(frame('3'));
    vi.advanceTimersByTime(24);
    expect(published).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(published[1]).toBe('{"type":"frames","frames":[2,3]}');
    vi.advanceTimersByTime(60);
    send(frame('4'));
    vi.advanceTimersByTime(0);
    expect(published).toHaveLength(3);
  });

  it('R3.5 a range keeps its place between the frames, and ranges that follow on each other are one', () => {
    const { send, flush } = fanout();
    for (const step of [frame('1'), range('1-0', '2-0'), range('2-0', '3-1'), frame('4'), frame('5')]) send(step);
    flush();
    expect(published).toEqual([
      '{"type":"frames","frames":[1]}',
      '{"type":"range","from":"1-0","to":"3-1","changes":400}',
      '{"type":"frames","frames":[4,5]}',
    ]);
  });

  it('sends nothing twice when it is flushed while it waits', () => {
    sockets = 1_000;
    const { send, flush } = fanout();
    send(frame('1'));
    vi.advanceTimersByTime(0);
    send(frame('2'));
    flush();
    vi.advanceTimersByTime(100);
    expect(published).toHaveLength(2);
  });

  it('R1.2 never keeps a frame longer than 50 ms', () => {
    expect([0, 150, 250, 100_000].map(spacingMs)).toEqual([0, 0, 50, 50]);
  });
});
