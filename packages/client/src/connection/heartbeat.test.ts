import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createHeartbeat, IDLE_PACE, LOCK_PACE } from './heartbeat.ts';

function setUp() {
  const time = createVirtualTime();
  const pings: number[] = [];
  let silences = 0;
  const heartbeat = createHeartbeat({
    runtime: time.runtime,
    ping: (sentAt) => pings.push(sentAt),
    onSilent: () => silences++,
  });
  return { time, pings, heartbeat, silences: () => silences };
}

describe('heartbeat', () => {
  it('pings at once and then every 10 s', () => {
    const { time, pings, heartbeat } = setUp();
    const start = time.runtime.now();
    heartbeat.start();
    for (let i = 0; i < 35; i++) {
      time.advance(1000);
      heartbeat.heard();
    }
    expect(pings.map((sentAt) => sentAt - start)).toEqual([0, 1, 2, 3].map((n) => n * IDLE_PACE.pingEveryMs));
  });

  it('reports silence 15 s after the first ping that nothing followed, once', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.advance(IDLE_PACE.pingEveryMs + IDLE_PACE.silenceLimitMs - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it('counts any message as a sign of life', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      time.advance(IDLE_PACE.silenceLimitMs - 1);
      heartbeat.heard();
    }
    expect(silences()).toBe(0);
  });

  it('R2.3 pings every 4 s while a lock is held and gives a silent connection up after 8 s', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.advance(1000);
    const start = time.runtime.now();
    heartbeat.setPace(LOCK_PACE);
    time.advance(3000);
    expect(pings.slice(1).map((sentAt) => sentAt - start)).toEqual([3000]);
    time.advance(7999);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it('shortens the wait for an answer that is under way, and goes back to the idle pace', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    time.advance(1000);
    heartbeat.setPace(LOCK_PACE);
    time.advance(7000);
    expect(silences()).toBe(1);
    heartbeat.heard();
    const before = pings.length;
    heartbeat.setPace(IDLE_PACE);
    time.advance(9999);
    expect(pings.length - before).toBe(0);
    time.advance(1);
    expect(pings.length - before).toBe(1);
  });

  it('keeps its pace over a reconnect', () => {
    const { time, pings, heartbeat } = setUp();
    heartbeat.setPace(LOCK_PACE);
    expect(time.timers).toBe(0);
    heartbeat.start();
    time.advance(LOCK_PACE.pingEveryMs);
    expect(pings.length).toBe(2);
  });

  it('leaves no timer behind', () => {
    const { time, heartbeat } = setUp();
    heartbeat.start();
    heartbeat.start();
    heartbeat.stop();
    expect(time.timers).toBe(0);
  });
});
