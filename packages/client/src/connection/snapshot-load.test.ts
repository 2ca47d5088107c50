import { expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { noteLive } from './away.ts';
import { createFacts } from './facts.ts';
import { createSnapshotLoad } from './snapshot-load.ts';

function setUp() {
  const time = createVirtualTime();
  const facts = createFacts();
  let asked = 0;
  const load = createSnapshotLoad({
    runtime: time.runtime,
    facts,
    loader: {
      load: async () => {
        asked += 1;
      },
      discard: () => undefined,
    },
    dispatch: () => undefined,
    awaitAnswer: () => undefined,
  });
  /** How long until it is asked for, in steps of 50 ms; what comes leads to nothing. */
  const waitedMs = async (): Promise<number> => {
    const before = asked;
    const startedAt = time.runtime.now();
    load.start();
    const isAsked = (): boolean => asked > before;
    while (!isAsked()) time.advance(50);
    await Promise.resolve();
    await Promise.resolve();
    return time.runtime.now() - startedAt;
  };
  return { time, facts, load, waitedMs };
}

it('R4.3 P49 a snapshot that a node cannot go on from is followed by another after a while, longer each time, up to a limit', async () => {
  const { facts, waitedMs } = setUp();
  const waits: number[] = [];
  for (let time = 0; time < 5; time++) waits.push(await waitedMs());
  // With a jitter of a half.
  expect(waits).toEqual([0, 650, 1_150, 1_400, 1_400]);
  noteLive(facts);
  expect(await waitedMs()).toBe(0);
});

it('what waits to be asked for ends with its connection', async () => {
  const { time, load, waitedMs } = setUp();
  await waitedMs();
  load.start();
  expect(time.timers).toBe(1);
  load.abort();
  expect(time.timers).toBe(0);
});
