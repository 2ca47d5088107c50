import { expect, it } from 'vitest';
import { Freshness, type FreshnessState, LIVE_BELOW_MS, STALE_AFTER_MS } from './freshness.ts';

const SECOND_MS = 1_000;
const LOOK_MS = 500;

/** A freshness whose clock goes when the test says so, and whose looks come late when it says that too. */
function setUp() {
  let now = 1_000;
  let look = () => {};
  const told: FreshnessState[] = [];
  const freshness = new Freshness({
    runtime: {
      monotonicMs: () => now,
      every: (_intervalMs, callback) => {
        look = callback;
        return { cancel: () => {} };
      },
    },
    onChange: (state) => told.push(state),
  });
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      now += Math.min(left, LOOK_MS);
      look();
    }
  };
  return {
    freshness,
    told,
    pass,
    /** The process does nothing for a while, then looks. */
    standStill(ms: number) {
      now += ms;
      look();
    },
  };
}

it('is live from the first canary on, stale without one, and live again', () => {
  const { freshness, told, pass } = setUp();
  expect(freshness.state).toBe('starting');
  for (let second = 0; second < 20; second++) {
    freshness.heard(20);
    pass(SECOND_MS);
  }
  expect(told).toEqual(['live']);
  pass(STALE_AFTER_MS - SECOND_MS - LOOK_MS);
  expect(freshness.state).toBe('live');
  pass(LOOK_MS);
  expect(freshness.state).toBe('stale');
  expect(freshness.ageMs).toBeGreaterThanOrEqual(STALE_AFTER_MS);
  freshness.heard(20);
  expect(told).toEqual(['live', 'stale', 'live']);
  expect(freshness.ageMs).toBe(20);
});

it('is stale where no canary ever comes', () => {
  const { freshness, told, pass } = setUp();
  pass(STALE_AFTER_MS - LOOK_MS);
  expect(freshness.state).toBe('starting');
  pass(LOOK_MS);
  expect(told).toEqual(['stale']);
});

it('a process that stood still takes that for no silence', () => {
  const { freshness, told, pass, standStill } = setUp();
  freshness.heard(0);
  pass(SECOND_MS);
  standStill(60_000);
  expect(told).toEqual(['live']);
  // What had come meanwhile is heard now, and where nothing had, that is noticed.
  pass(STALE_AFTER_MS);
  expect(told).toEqual(['live', 'stale']);
});

it('canaries that come late make it stale: it is as old as what comes', () => {
  const { freshness, told, pass } = setUp();
  freshness.heard(0);
  for (let second = 0; second < 10; second++) {
    pass(SECOND_MS);
    freshness.heard(second * SECOND_MS);
  }
  expect(told).toEqual(['live', 'stale']);
  freshness.heard(LIVE_BELOW_MS);
  expect(freshness.state).toBe('stale');
  freshness.heard(LIVE_BELOW_MS - 1);
  expect(freshness.state).toBe('live');
});

it('old canaries, read once more by the next relay, change nothing', () => {
  const { freshness, told, pass } = setUp();
  freshness.heard(500);
  pass(SECOND_MS);
  for (let minute = 1; minute < 5; minute++) freshness.heard(60_000 * minute);
  freshness.heard(10);
  expect([freshness.ageMs, told]).toEqual([10, ['live']]);
});
