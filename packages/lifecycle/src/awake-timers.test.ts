import { expect, it } from 'vitest';
import { AWAKE_TIMERS } from './awake-timers.ts';
import { withTimeout } from './with-timeout.ts';

/** Keeps the only thread that there is. */
function standStill(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

it('ends a wait for something that does not come, not before its time', async () => {
  const begunAt = performance.now();
  await withTimeout(new Promise(() => undefined), 400, () => undefined, AWAKE_TIMERS);
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(399);
});

it('what came while the process stood still came in time', async () => {
  // It comes as what a socket brings does: in a later turn than a timer that is due.
  const answer = new Promise<string>((resolve) => {
    setTimeout(() => {
      standStill(1_500);
      setImmediate(() => setImmediate(() => resolve('answer')));
    }, 10);
  });
  expect(await withTimeout(answer, 500, () => 'silence', AWAKE_TIMERS)).toBe('answer');
});

it('a wait that is given up leaves nothing behind', async () => {
  let calls = 0;
  const timer = AWAKE_TIMERS.after(300, () => calls++);
  await new Promise((resolve) => {
    setTimeout(resolve, 150);
  });
  timer.cancel();
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  expect(calls).toBe(0);
});
