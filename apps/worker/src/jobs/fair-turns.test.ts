import { expect, it } from 'vitest';
import { FairTurns } from './fair-turns.ts';

async function* count(to: number): AsyncGenerator<number> {
  for (let number = 1; number <= to; number++) yield number;
}

it('gives each a batch in turn, however much the first of them has', async () => {
  const turns = new FairTurns(1);
  const order: string[] = [];
  const work = async (name: string, batches: number) => {
    for await (const batch of turns.each(count(batches))) order.push(`${name}${batch}`);
    order.push(`${name} ends`);
  };
  await Promise.all([work('large', 6), work('small', 1), work('middle', 2)]);
  expect(order.slice(0, 3)).toEqual(['large1', 'small1', 'middle1']);
  expect(order.indexOf('small ends')).toBeLessThan(order.indexOf('large3'));
  expect(order.indexOf('middle ends')).toBeLessThan(order.indexOf('large5'));
  expect(order.at(-1)).toBe('large ends');
});

it('lets no more work at once than it is told to', async () => {
  const turns = new FairTurns(2);
  let working = 0;
  let most = 0;
  const work = async () => {
    for await (const _ of turns.each(count(5))) {
      most = Math.max(most, ++working);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      working -= 1;
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  expect(most).toBe(2);
});

it('has its turn back from who stops early, and from who fails', async () => {
  const turns = new FairTurns(1);
  let closed = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) yield 1;
    } finally {
      closed = true;
    }
  }
  for await (const _ of turns.each(endless())) break;
  expect(closed).toBe(true);
  const failing = async () => {
    for await (const _ of turns.each(endless())) throw new Error('batch failed');
  };
  await expect(failing()).rejects.toThrow('batch failed');
  const seen: number[] = [];
  for await (const batch of turns.each(count(2))) seen.push(batch);
  expect(seen).toEqual([1, 2]);
});

/** Lets all that can go on go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}

it('R5.4 lets nobody work while it is told so; who has a turn ends it, and all go on after', async () => {
  const turns = new FairTurns(2);
  const done: number[] = [];
  const work = async () => {
    for await (const batch of turns.each(count(3))) {
      if (done.push(batch) === 3) turns.setPace({ atOnce: 0, pauseMs: 0 });
    }
  };
  const all = Promise.all([work(), work(), work()]);
  await settle();
  const reached = done.length;
  expect(reached).toBeLessThan(9);
  await settle();
  expect(done).toHaveLength(reached);
  turns.setPace({ atOnce: 2, pauseMs: 0 });
  await all;
  expect(done).toHaveLength(9);
});

it('R5.4 lets one work at a time, with a pause after each batch, whoever comes next', async () => {
  const turns = new FairTurns(2);
  turns.setPace({ atOnce: 1, pauseMs: 20 });
  let working = 0;
  let pauses = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  const work = async () => {
    for await (const _ of turns.each(count(2))) {
      working += 1;
      expect(working).toBe(1);
      // Timers are up to a millisecond early.
      if (performance.now() - endedAt >= 19) pauses += 1;
      await settle();
      working -= 1;
      endedAt = performance.now();
    }
  };
  await Promise.all([work(), work()]);
  expect(pauses).toBe(4);
});
