import { LOCK_TTL_MS } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createHeartbeat, LATE_MS, OLD_LIMIT_MS, PING_EVERY_MS, PING_SOON_MS, SILENCE_LIMIT_MS } from './heartbeat.ts';

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
  it('P21 pings at once and then every 3 s', () => {
    const { time, pings, heartbeat } = setUp();
    const start = time.runtime.now();
    heartbeat.start();
    for (let i = 0; i < 10; i++) {
      time.advance(1000);
      heartbeat.heard();
    }
    expect(pings.map((sentAt) => sentAt - start)).toEqual([0, 1, 2, 3].map((n) => n * PING_EVERY_MS));
  });

  it('R4.1 P22 finds a dead connection within 6 s, and says so once', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.advance(6_000 - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it.each([3_000, 4_500, 5_900])(
    'R4.2 P22 finds a dead connection to a node that has heard nothing for %d ms before that is 9 s',
    (ageMs) => {
      const { time, pings, heartbeat, silences } = setUp();
      heartbeat.start();
      heartbeat.heard();
      heartbeat.told(ageMs);
      time.advance(PING_SOON_MS);
      expect(pings).toHaveLength(2);
      const leftMs = Math.min(SILENCE_LIMIT_MS, OLD_LIMIT_MS - ageMs - PING_SOON_MS);
      time.advance(leftMs - 1);
      expect(silences()).toBe(0);
      time.advance(1);
      expect(silences()).toBe(1);
    },
  );

  it('asks as ever once the node hears again', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    heartbeat.told(4_000);
    time.advance(PING_SOON_MS);
    heartbeat.heard();
    heartbeat.told(0);
    time.advance(PING_EVERY_MS + SILENCE_LIMIT_MS - PING_SOON_MS - 1);
    expect([pings.length, silences()]).toEqual([3, 0]);
  });

  it('counts any message as a sign of life', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      time.advance(SILENCE_LIMIT_MS - 1);
      heartbeat.heard();
    }
    expect(silences()).toBe(0);
  });

  it('R2.3 a lock lives by its pings, though one of them is lost', () => {
    expect(3 * PING_EVERY_MS).toBeLessThan(LOCK_TTL_MS);
  });

  it('R4.1 hears first what came while the program was busy when the answer was due', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    time.sleep(SILENCE_LIMIT_MS + 500);
    time.advance(0);
    expect(silences()).toBe(0);
    time.advance(100);
    heartbeat.heard();
    time.advance(2_000);
    expect(silences()).toBe(0);
  });

  it('R4.1 a busy program is no excuse for a connection on which nothing comes', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    time.sleep(SILENCE_LIMIT_MS + 500);
    time.advance(1_000);
    expect(silences()).toBe(1);
  });

  it('R4.1 a hidden page, whose timers are held back to one a minute, takes no answer for silence', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    for (let minute = 0; minute < 10; minute++) {
      const before = pings.length;
      time.sleep(60_000);
      time.advance(0);
      expect(pings.length).toBe(before + 1);
      // Messages are not held back.
      heartbeat.heard();
    }
    expect(silences()).toBe(0);
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
    time.advance(SILENCE_LIMIT_MS - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
  });

  it('R4.1 asks after a sleep instead of taking the time that passed for silence', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    time.sleep(3_600_000);
    time.advance(0);
    expect(silences()).toBe(0);
    expect(pings.length).toBeGreaterThan(1);
    time.advance(SILENCE_LIMIT_MS);
    expect(silences()).toBe(1);
  });

  it('R4.1 a clock that is set forwards and back does not put off that a connection is dead', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.setClock(3_600_000);
    time.advance(PING_EVERY_MS);
    time.setClock(-3_600_000);
    time.advance(1_000);
    heartbeat.probe();
    time.advance(SILENCE_LIMIT_MS - 1_000);
    expect(silences()).toBe(1);
  });

  it('R4.1 asks at once after a sleep in which no answer was awaited', () => {
    const { time, pings, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.sleep(PING_EVERY_MS + LATE_MS + 1);
    time.advance(0);
    expect(pings.length).toBe(2);
    time.advance(SILENCE_LIMIT_MS);
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

  it('leaves no timer behind', () => {
    const { time, heartbeat } = setUp();
    heartbeat.start();
    heartbeat.start();
    heartbeat.stop();
    expect(time.timers).toBe(0);
  });
});
