import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createHeartbeat, IDLE_TIMING, LATE_MS, LOCK_TIMING, PROBE_LIMIT_MS } from './heartbeat.ts';

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
    expect(pings.map((sentAt) => sentAt - start)).toEqual([0, 1, 2, 3].map((n) => n * IDLE_TIMING.pingEveryMs));
  });

  it('R4.1 finds a dead connection within 15 s, at either pace, and says so once', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.advance(IDLE_TIMING.pingEveryMs + IDLE_TIMING.silenceLimitMs - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it('counts any message as a sign of life', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      time.advance(IDLE_TIMING.silenceLimitMs - 1);
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
    heartbeat.setTiming(LOCK_TIMING);
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
    heartbeat.setTiming(LOCK_TIMING);
    time.advance(7000);
    expect(silences()).toBe(1);
    heartbeat.heard();
    const before = pings.length;
    heartbeat.setTiming(IDLE_TIMING);
    time.advance(9999);
    expect(pings.length - before).toBe(0);
    time.advance(1);
    expect(pings.length - before).toBe(1);
  });

  it('never leaves a dead connection unnoticed for more than 15 s', () => {
    for (const { pingEveryMs, silenceLimitMs } of [IDLE_TIMING, LOCK_TIMING]) {
      expect(pingEveryMs + silenceLimitMs).toBeLessThanOrEqual(15_000);
    }
  });

  it('R4.1 asks at once when told to, and waits a short time', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.probe();
    expect([pings.length, time.timers]).toEqual([0, 0]);
    heartbeat.start();
    heartbeat.heard();
    time.advance(2000);
    heartbeat.probe();
    expect(pings.length).toBe(2);
    time.advance(PROBE_LIMIT_MS - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it('R4.1 asks after a sleep instead of taking the time that passed for silence', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    time.sleep(3_600_000);
    time.advance(0);
    expect([pings.length, silences()]).toEqual([2, 0]);
    time.advance(PROBE_LIMIT_MS);
    expect(silences()).toBe(1);
  });

  it('R4.1 asks at once after a sleep in which no answer was awaited', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.sleep(IDLE_TIMING.pingEveryMs + LATE_MS + 1);
    time.advance(0);
    expect(pings.length).toBe(2);
    time.advance(PROBE_LIMIT_MS);
    expect(silences()).toBe(1);
  });

  it('R4.1 forgives standing still only once in a row: a page that is held back learns of it too', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    for (let i = 0; i < 2; i++) {
      time.sleep(60_000);
      time.advance(0);
    }
    expect(silences()).toBe(1);
  });

  it('keeps its pace over a reconnect', () => {
    const { time, pings, heartbeat } = setUp();
    heartbeat.setTiming(LOCK_TIMING);
    expect(time.timers).toBe(0);
    heartbeat.start();
    time.advance(LOCK_TIMING.pingEveryMs);
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
