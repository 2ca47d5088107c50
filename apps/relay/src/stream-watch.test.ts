import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { acceptingFeed } from '../test/lone-pass.ts';
import type { PassPublisher } from './publisher.ts';
import { watchStreams } from './stream-watch.ts';

it('R5.4 looks at each stream once after it has moved, and in turn at those that rest', async () => {
  const looked: string[] = [];
  const positions = new Map(Array.from({ length: 250 }, (_, index) => [`w${index}`, '1-0']));
  const ending = new AbortController();
  const watching = watchStreams({
    feed: acceptingFeed({
      checkStream: async (_, workspace) => {
        looked.push(workspace);
        return { kind: 'newest', id: positions.get(workspace) ?? '0-0' };
      },
    }),
    publisher: { positions: () => positions, sentPosition: () => undefined } as unknown as PassPublisher,
    epoch: '0123abcd',
    handledLsn: () => '9',
    logEnd: () => Promise.resolve('9'),
    signal: ending.signal,
    redisTimeoutMs: 1_000,
  });
  await eventually(() => expect(new Set(looked).size).toBe(250));
  await sleep(1_500);
  looked.length = 0;
  positions.set('w77', '2-0');
  await sleep(4_500);
  expect(looked).toContain('w77');
  expect(looked.length).toBeGreaterThanOrEqual(2);
  expect(looked.length).toBeLessThanOrEqual(4);
  ending.abort();
  await watching;
});
