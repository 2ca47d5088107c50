import type { AppendOptions } from '@meldesync/bus';
import { ORIGIN } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { acceptingFeed } from '../test/lone-pass.ts';
import { PassPublisher } from './publisher.ts';

it.each([
  [1_000, 'frame'],
  [10_000_000, { from: ORIGIN, to: '7-0', changes: 1 }],
])('R3.5 of a frame of %i characters the nodes are told what they can take in', async (characters, told) => {
  const tells: AppendOptions['tell'][] = [];
  const publisher = new PassPublisher({
    feed: acceptingFeed({
      append: async (_workspace, _frame, { tell }) => {
        tells.push(tell);
        return 'appended';
      },
    }),
    epoch: '0123abcd',
    positions: new Map(),
    baseSnapshot: null,
    onAnswer: () => undefined,
    now: () => performance.now(),
    onError: (error) => {
      throw error;
    },
  });
  publisher.publish({
    workspace: 'w',
    id: '7-0',
    txid: '1',
    changesJson: JSON.stringify({ note: 'x'.repeat(characters) }),
    changeCount: 1,
    checksumDelta: 0,
    place: 'alone',
  });
  await publisher.settled();
  expect(tells).toEqual([typeof told === 'string' ? told : expect.objectContaining(told)]);
});
