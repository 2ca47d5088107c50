import type { FeedMoment, StreamBuffer } from '@meldesync/bus';
import { comparePositions, ORIGIN } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { BufferKeeper, type BufferKeeperOptions } from './buffer-keeper.ts';

const EPOCH = '0123abcd';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FRAME_BYTES = 1_000;

/** Streams in memory, each frame of so many bytes, and a count of what was asked of them. */
function setUp(options: Partial<BufferKeeperOptions> = {}) {
  const streams = new Map<string, string[]>();
  const noted: FeedMoment[] = [];
  const dropped: string[] = [];
  const redis = { most: 0, other: 0, isFull: false };
  let asked = 0;
  let lsn = 0;
  const bytes = () => [...streams.values()].flat().length * FRAME_BYTES;
  const counted = <T>(answer: T): Promise<T> => {
    asked += 1;
    return Promise.resolve(answer);
  };
  const buffer: StreamBuffer = {
    moments: () => counted([...noted]),
    note: (_, moment) => {
      if (!redis.isFull) noted.push(moment);
      return counted(!redis.isFull);
    },
    forget: (_, { at }) =>
      counted(
        void noted.splice(
          0,
          noted.findIndex((one) => one.at >= at),
        ),
      ),
    dropBefore: (_, workspace, before, position) => {
      const stream = streams.get(workspace) ?? [];
      const kept = stream.filter((id) => comparePositions(id, `${before}-0`) >= 0 || id === position);
      streams.set(workspace, kept);
      return counted(stream.length - kept.length);
    },
    size: (_, workspace) => {
      const stream = streams.get(workspace) ?? [];
      return counted({ frames: stream.length, bytes: stream.length * FRAME_BYTES, first: stream[0] });
    },
    memory: () => counted({ used: redis.other + bytes(), most: redis.most }),
  };
  const keeper = new BufferKeeper({
    buffer,
    epoch: EPOCH,
    positions: () => new Map([...streams].map(([workspace, stream]) => [workspace, stream.at(-1) ?? ORIGIN])),
    handledLsn: () => String(lsn + 1),
    ageMs: 24 * HOUR,
    totalBytes: 1_000_000_000,
    onDropped: (by, frames) => dropped.push(`${by} ${frames}`),
    ...options,
  });
  return {
    keeper,
    streams,
    noted,
    dropped,
    redis,
    bytes,
    asked: () => asked,
    append: (workspace: string) => {
      lsn += 1;
      streams.set(workspace, [...(streams.get(workspace) ?? []), `${lsn}-0`]);
      keeper.appended(FRAME_BYTES);
    },
  };
}

it('R4.4 drops what is too old of all workspaces, also of one that stands still, but for the frame it stands at', async () => {
  const { keeper, append, streams, dropped } = setUp();
  await keeper.begin();
  for (const workspace of ['a', 'a', 'still', 'still']) append(workspace);
  await keeper.tend(0);
  append('a');
  await keeper.tend(2 * HOUR);
  await keeper.tend(24 * HOUR - 1);
  expect(dropped).toEqual([]);
  await keeper.tend(24 * HOUR);
  expect(Object.fromEntries(streams)).toEqual({ a: ['5-0'], still: ['4-0'] });
  expect(dropped).toEqual(['age 3']);
});

it('R4.4 goes on after another relay by what that one noted', async () => {
  const first = setUp();
  await first.keeper.begin();
  first.append('a');
  await first.keeper.tend(0);
  first.append('a');
  const { keeper, streams, noted } = setUp();
  noted.push(...first.noted);
  streams.set('a', first.streams.get('a') ?? []);
  await keeper.begin();
  await keeper.tend(25 * HOUR);
  expect(streams.get('a')).toEqual(['2-0']);
});

it('R4.4 of what is too much for all together the oldest goes first, of whichever workspace', async () => {
  const { keeper, append, streams, bytes, dropped } = setUp({ totalBytes: 100_000 });
  await keeper.begin();
  for (let count = 0; count < 40; count++) append('old');
  await keeper.tend(0);
  for (let count = 0; count < 50; count++) append('new');
  await keeper.tend(MINUTE);
  expect(bytes()).toBe(90_000);
  for (let count = 0; count < 20; count++) append('new');
  await keeper.tend(2 * MINUTE);
  expect(bytes()).toBeLessThanOrEqual(90_000);
  expect(streams.get('old')).toEqual(['40-0']);
  expect(streams.get('new')).toHaveLength(70);
  expect(dropped).toEqual(['total 39']);
});

it('R4.2 makes room where Redis is nearly full, and drops all but the newest where something else fills it', async () => {
  const { keeper, append, redis, streams } = setUp();
  await keeper.begin();
  for (let minute = 0; minute < 20; minute++) {
    for (let count = 0; count < 5; count++) append('a');
    await keeper.tend(minute * MINUTE);
  }
  redis.most = 110_000;
  await keeper.relieve();
  const kept = streams.get('a') ?? [];
  expect(kept.at(-1)).toBe('100-0');
  expect(kept.length).toBeGreaterThan(50);
  expect(kept.length).toBeLessThan(88);
  redis.other = 1_000_000;
  await keeper.relieve();
  expect(streams.get('a')).toEqual(['100-0']);
});

it('R4.4 goes on though a full Redis takes no moment', async () => {
  const { keeper, append, redis, streams } = setUp();
  redis.isFull = true;
  await keeper.begin();
  append('a');
  await keeper.tend(0);
  append('a');
  await keeper.tend(25 * HOUR);
  expect(streams.get('a')).toEqual(['2-0']);
});

it('R5.4 asks nothing of Redis for workspaces in which nothing happens', async () => {
  const { keeper, append, asked } = setUp();
  for (let workspace = 0; workspace < 1_000; workspace++) append(`w${workspace}`);
  await keeper.begin();
  await keeper.tend(0);
  await keeper.tend(25 * HOUR);
  const before = asked();
  for (let second = 1; second <= 60; second++) {
    await keeper.tend(25 * HOUR + second * 1_000);
    await keeper.measure();
  }
  expect(asked() - before).toBeLessThan(5);
});
