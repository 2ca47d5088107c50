import { expect, it } from 'vitest';
import type { FreshnessState } from './core/freshness.ts';
import { createReadiness, READINESS_KEPT_MS } from './readiness.ts';

/** A node whose Postgres answers, and whose canaries come, when the test says so. */
function setUp() {
  let now = 0;
  let asked = 0;
  let answer: () => Promise<void> = () => Promise.resolve();
  let state: FreshnessState = 'live';
  const ready = createReadiness({
    database() {
      asked++;
      return answer();
    },
    freshness: {
      get state() {
        return state;
      },
      ageMs: 7_000,
    },
    runtime: { monotonicMs: () => now },
  });
  return {
    ready,
    asked: () => asked,
    pass(ms: number) {
      now += ms;
    },
    setAnswer(next: () => Promise<void>) {
      answer = next;
    },
    setState(next: FreshnessState) {
      state = next;
    },
  };
}

it('many who ask cost one question, during it and for a while after it', async () => {
  const { ready, asked, pass } = setUp();
  await Promise.all(Array.from({ length: 50 }, ready));
  pass(READINESS_KEPT_MS - 1);
  await ready();
  expect(asked()).toBe(1);
  pass(1);
  await ready();
  expect(asked()).toBe(2);
});

it('says what is missing, and when it is back', async () => {
  const { ready, pass, setAnswer } = setUp();
  expect(await ready()).toEqual({ usable: true, live: true, missing: [], canaryAgeMs: 7_000 });
  setAnswer(() => Promise.reject(new Error('refused')));
  pass(READINESS_KEPT_MS);
  expect(await ready()).toMatchObject({ usable: false, live: false, missing: ['Postgres does not answer'] });
  setAnswer(() => Promise.resolve());
  pass(READINESS_KEPT_MS);
  expect(await ready()).toMatchObject({ usable: true, live: true });
});

it('R1.5 is usable and not live without canaries, and neither while a silent Postgres is asked', async () => {
  const { ready, pass, setAnswer, setState } = setUp();
  setState('stale');
  expect(await ready()).toMatchObject({ usable: true, live: false, missing: ['no canary for 7 s'] });
  setAnswer(() => new Promise(() => undefined));
  pass(READINESS_KEPT_MS);
  expect(await ready()).toMatchObject({ usable: false, live: false });
});
