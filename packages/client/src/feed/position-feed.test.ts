import type { Change, Frame } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { createPositionFeed } from './position-feed.ts';

const change = (record: number): Change => ({
  record,
  version: 2,
  op: 'update',
  set: { note: 'x' },
  by: 'user:u1',
  via: 'web',
  at: '2026-01-22T10:00:00.000000Z',
});
const frame = (prev: string, id: string, record: number): Frame => ({ prev, id, changes: [change(record)] });
const EPOCH = '0a1b2c3d';
const start = () => {
  const news: (number[] | null)[] = [];
  const feed = createPositionFeed((changes) => news.push(changes && changes.map(({ record }) => record)));
  feed.openSnapshot().finish(`${EPOCH}:0-5` as never);
  return { feed, news };
};

it('goes on where the frames do, and tells of each once', () => {
  const { feed, news } = start();
  expect(feed.receive([frame('0-5', '0-6', 1), frame('0-6', '0-7', 2)])).toBe('whole');
  expect(feed.receive([frame('0-5', '0-7', 1)])).toBe('whole');
  expect(feed.receive([frame('0-7', '0-8', 3)])).toBe('whole');
  expect([news, feed.cursor]).toEqual([[null, [1, 2], [3]], `${EPOCH}:0-8`]);
  expect([feed.hasReached('0-8' as never), feed.hasReached('0-9' as never)]).toEqual([true, false]);
});

it('says that not all was told where a range is skipped', () => {
  const { feed, news } = start();
  expect(feed.skip({ from: '0-5', to: '0-9', changes: 1_000 } as never)).toBe(true);
  expect([news, feed.cursor, feed.missing, feed.fetching]).toEqual([[null, null], `${EPOCH}:0-9`, null, 0]);
});

it('begins anew after a reset, in another epoch too, and takes nothing in between for news', () => {
  const { feed, news } = start();
  feed.reset('unknown');
  expect([feed.continuation, feed.continueIn(EPOCH)]).toEqual([null, null]);
  feed.receive([frame('0-5', '0-6', 1)]);
  feed.openSnapshot().finish('ffffffff:0-1');
  expect([news, feed.continueIn(EPOCH), feed.continueIn('ffffffff')]).toEqual([[null, null], null, 'ffffffff:0-1']);
});
