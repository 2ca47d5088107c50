import { expect, it } from 'vitest';
import { settlePromises } from '../../test/client-setup.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createPatience, FIRST_PATIENCE_MS } from './patience.ts';

/** A service that swallows every question, until it answers. */
function setUp() {
  const time = createVirtualTime();
  const patience = createPatience(time.runtime);
  const outer = new AbortController();
  let asked = 0;
  let answers = false;
  const question = (signal: AbortSignal, onBegun: () => void): Promise<string> => {
    asked += 1;
    if (answers) {
      onBegun();
      return Promise.resolve('answer');
    }
    return new Promise((_, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
    });
  };
  const ask = (): Promise<unknown> => patience.ask(outer.signal, question).catch((error: unknown) => error);
  const advance = async (ms: number): Promise<void> => {
    time.advance(ms);
    await settlePromises();
  };
  return {
    time,
    patience,
    outer,
    ask,
    advance,
    asked: () => asked,
    answer: () => {
      answers = true;
    },
  };
}

it('R4.1 asks once more where nothing comes, and gives a slow service twice the time each time', async () => {
  const { time, ask, advance, asked, answer } = setUp();
  const page = ask();
  for (const [index, limitMs] of [FIRST_PATIENCE_MS, 2 * FIRST_PATIENCE_MS, 4 * FIRST_PATIENCE_MS].entries()) {
    await advance(limitMs - 1);
    expect(asked()).toBe(index + 1);
    if (index === 2) answer();
    await advance(1);
    expect(asked()).toBe(index + 2);
  }
  expect(await page).toBe('answer');
  expect(time.timers).toBe(0);
});

it('lets an answer that has begun take its time', async () => {
  const { time, patience, outer } = setUp();
  let asked = 0;
  const page = patience.ask(outer.signal, (_signal, onBegun) => {
    asked += 1;
    onBegun();
    return new Promise<string>((resolve) => {
      time.runtime.setTimeout(() => resolve('whole'), 100 * FIRST_PATIENCE_MS);
    });
  });
  patience.renew();
  time.advance(100 * FIRST_PATIENCE_MS);
  expect([await page, asked]).toEqual(['whole', 1]);
});

it('hears first what came while the program was busy, and forgives that once', async () => {
  const { time, ask, advance, asked, outer } = setUp();
  const page = ask();
  time.sleep(FIRST_PATIENCE_MS + 500);
  await advance(0);
  expect(asked()).toBe(1);
  await advance(1_000);
  expect(asked()).toBe(2);
  outer.abort(new Error('over'));
  await page;
  expect(time.timers).toBe(0);
});

it('R4.1 asks anew at once when there is another way to the service', async () => {
  const { time, patience, ask, advance, asked, answer } = setUp();
  const page = ask();
  await advance(FIRST_PATIENCE_MS - 1);
  answer();
  patience.renew();
  expect([await page, asked(), time.timers]).toEqual(['answer', 2, 0]);
});

it('passes on that nobody wants the answer any more', async () => {
  const { time, outer, ask } = setUp();
  const page = ask();
  outer.abort(new Error('no longer wanted'));
  expect(await page).toMatchObject({ message: 'no longer wanted' });
  expect(time.timers).toBe(0);
});
