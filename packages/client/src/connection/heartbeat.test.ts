import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createHeartbeat, PING_EVERY_MS, SILENCE_LIMIT_MS } from './heartbeat.ts';

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
    expect(pings.map((sentAt) => sentAt - start)).toEqual([0, 1, 2, 3].map((n) => n * PING_EVERY_MS));
  });

  it('reports silence 15 s after the first ping that nothing followed, once', () => {
    const { time, heartbeat, silences } = setUp();
    heartbeat.start();
    heartbeat.heard();
    time.advance(PING_EVERY_MS + SILENCE_LIMIT_MS - 1);
    expect(silences()).toBe(0);
    time.advance(1);
    expect(silences()).toBe(1);
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

  it('leaves no timer behind', () => {
    const { time, heartbeat } = setUp();
    heartbeat.start();
    heartbeat.start();
    heartbeat.stop();
    expect(time.timers).toBe(0);
  });
});
