import { expect, it } from 'vitest';
import { createReadiness, READINESS_KEPT_MS } from './readiness.ts';

/** A node whose Postgres and Redis answer when the test says so. */
function setUp() {
  let now = 0;
  let asked = 0;
  let answer: () => Promise<void> = () => Promise.resolve();
  const ready = createReadiness({
    database() {
      asked++;
      return answer();
    },
    redis: () => Promise.resolve(),
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
  await ready();
  setAnswer(() => Promise.reject(new Error('refused')));
  pass(READINESS_KEPT_MS);
  await expect(ready()).rejects.toThrow('Postgres does not answer');
  await expect(ready()).rejects.toThrow('Postgres does not answer');
  setAnswer(() => Promise.resolve());
  pass(READINESS_KEPT_MS);
  await expect(ready()).resolves.toBeUndefined();
});
