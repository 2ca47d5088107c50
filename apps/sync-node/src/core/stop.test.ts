import { expect, it } from 'vitest';
import { drainInBatches } from './drain.ts';
import { stopServing } from './stop.ts';

it('R4.1 a node that stops takes nobody in, tells everyone, and cuts the rest only then', async () => {
  const done: string[] = [];
  const later = async (what: string) => {
    await Promise.resolve();
    done.push(what);
  };
  await stopServing(
    { shut: () => done.push('shut'), answered: () => later('answered'), cut: () => done.push('cut') },
    { drain: () => later('drained') },
    { sleep: () => later('waited') },
  );
  expect(done).toEqual(['shut', 'drained', 'answered', 'waited', 'cut']);
});

it('R4.1 many clients are sent away in batches, and each gets a moment of its own at which to come back', async () => {
  const moments: number[] = [];
  let sleeps = 0;
  let draw = 0;
  const leaving = Array.from({ length: 1_000 }, () => ({
    drain: (reconnectInMs: number) => {
      moments.push(reconnectInMs);
      return Promise.resolve();
    },
  }));
  await drainInBatches(leaving, {
    random: () => draw++ / 1_000,
    sleep: () => {
      sleeps += 1;
      return Promise.resolve();
    },
    after: () => ({ cancel: () => undefined }),
  });
  expect(new Set(moments).size).toBe(1_000);
  expect(sleeps).toBeGreaterThan(10);
});

it('R4.1 an edit that hangs keeps no node from stopping', async () => {
  let patience = () => {};
  const drained = drainInBatches([{ drain: () => new Promise(() => undefined) }], {
    random: () => 0,
    sleep: () => Promise.resolve(),
    after: (_delayMs, callback) => {
      patience = callback;
      return { cancel: () => undefined };
    },
  });
  patience();
  await drained;
});
