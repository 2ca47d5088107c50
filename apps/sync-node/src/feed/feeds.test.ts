import type { BusFrame, FeedReader } from '@meldesync/bus';
import { createLogger } from '@meldesync/telemetry';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import { type FeedListener, Feeds } from './feeds.ts';

const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';
const TIER_MS = 1_000;

/** What Postgres and Redis hold. */
let epoch = '';
let stream: BusFrame[] = [];
/** What the clients were given. */
let toldTier: string[] = [];
let resets: string[] = [];
let bus: FeedListener;
let isPostgresSilent = false;
/** What was asked of streams, and which workspaces are heard no more. */
let ranges: string[] = [];
let unfollowed: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  epoch = '0123abcd';
  isPostgresSilent = false;
  stream = [frame(1)];
  toldTier = [];
  resets = [];
  ranges = [];
  unfollowed = [];
});
afterEach(() => {
  vi.useRealTimers();
});

function frame(number: number): BusFrame {
  const [id, prev] = [`${number}-0` as const, `${number - 1}-0` as const];
  return { epoch, id, prev, txid: '7', changes: 1, checksum: number, json: JSON.stringify({ id, prev, changes: [] }) };
}

const reader: Pick<FeedReader, 'follow' | 'unfollow' | 'newest' | 'range'> = {
  follow: () => Promise.resolve(),
  unfollow: (workspace) => void unfollowed.push(workspace),
  newest: (wanted) => Promise.resolve(stream.filter((one) => one.epoch === wanted)),
  range: (wanted, workspace, after) => {
    ranges.push(workspace);
    return Promise.resolve(
      stream.filter((one) => one.epoch === wanted && Number.parseInt(one.id, 10) > Number.parseInt(after, 10)),
    );
  },
};

async function openFeeds(): Promise<Feeds> {
  const feeds = new Feeds({
    facts: {
      state: () =>
        isPostgresSilent
          ? new Promise(() => undefined)
          : Promise.resolve({ epoch, confirmedLsn: '0', baseSnapshot: null }),
      position: () => Promise.resolve(undefined),
    },
    openReader: (listener) => {
      bus = listener;
      return reader as FeedReader;
    },
    runtime: systemRuntime,
    onMerged: () => undefined,
    logger: createLogger({ name: 'test', level: 'silent', format: 'json' }),
    audience: {
      publish: (_, tierMs, message) => {
        if (tierMs === TIER_MS) toldTier.push(message.replace(/,"sentAt":[\d.]+/, ''));
      },
      count: (_, tierMs) => (tierMs === TIER_MS ? 1 : 0),
    },
    onFrames: () => undefined,
    onFlushed: () => undefined,
    reset: (_, reason) => resets.push(reason),
  });
  await feeds.open(WORKSPACE);
  return feeds;
}

it('R4.5 what waits for a tier does not go over a gap in the stream', async () => {
  await openFeeds();
  bus.onFrame(WORKSPACE, frame(2));
  stream = [frame(8), frame(9)];
  bus.onFrame(WORKSPACE, frame(9));
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect(resets).toEqual(['too-old']);
  expect(toldTier).toEqual(['{"type":"frames","frames":[{"id":"9-0","prev":"8-0","changes":[]}]}']);
});

it('R4.5 what waits for a tier does not go over into another epoch', async () => {
  const feeds = await openFeeds();
  bus.onFrame(WORKSPACE, frame(2));
  epoch = '4567cdef';
  await feeds.catchUpAll();
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect(resets).toEqual(['epoch']);
  expect(toldTier).toEqual([]);
});

it('R4.2 a late frame of an epoch that is over changes nothing for anyone', async () => {
  await openFeeds();
  for (const number of [2, 3, 4]) bus.onFrame(WORKSPACE, { ...frame(number), epoch: 'before00' });
  bus.onFrame(WORKSPACE, frame(2));
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect(resets).toEqual([]);
  expect(toldTier).toEqual(['{"type":"frames","frames":[{"id":"2-0","prev":"1-0","changes":[]}]}']);
});

it('R4.2 a frame of a new epoch opens the feeds anew, also one that comes while an old one is doubted', async () => {
  const feeds = await openFeeds();
  const old = frame(2);
  bus.onFrame(WORKSPACE, { ...old, epoch: 'before00' });
  // What Postgres was asked for the old frame is answered before the epoch begins.
  epoch = '4567cdef';
  stream = [frame(1)];
  bus.onFrame(WORKSPACE, frame(1));
  await vi.advanceTimersByTimeAsync(0);
  expect(resets).toEqual(['epoch']);
  expect((await feeds.open(WORKSPACE)).epoch).toBe(epoch);
});

it('R1.1 is in doubt from a frame of another epoch until Postgres says which it is', async () => {
  const feeds = await openFeeds();
  expect(feeds.isInDoubt).toBe(false);
  isPostgresSilent = true;
  bus.onFrame(WORKSPACE, { ...frame(2), epoch: 'ffffffff' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(feeds.isInDoubt).toBe(true);
  isPostgresSilent = false;
  await feeds.catchUpAll();
  expect(feeds.isInDoubt).toBe(false);
});

it('R1.1 R3.5 knows what the records add up to where it stands, also after a transaction it is only told of', async () => {
  const feeds = await openFeeds();
  const feed = await feeds.open(WORKSPACE);
  expect(feed).toMatchObject({ position: '1-0', checksum: 1 });
  bus.onFrame(WORKSPACE, frame(2));
  expect(feed).toMatchObject({ position: '2-0', checksum: 2 });
  bus.onRange(WORKSPACE, { epoch, from: '2-0', to: '5-0', txid: '8', changes: 900, checksum: 77 });
  expect(feed).toMatchObject({ position: '5-0', checksum: 77 });
  bus.onFrame(WORKSPACE, { ...frame(6), checksum: null });
  expect(feed).toMatchObject({ position: '6-0', checksum: null });
});

it('R1.1 R4.2 reads what the bus dropped as soon as the relay says where the feed is', async () => {
  const feeds = await openFeeds();
  stream = [frame(1), frame(2)];
  feeds.toldOf({ epoch, heads: { [WORKSPACE]: '2-0', elsewhere: '9-0' } });
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect(toldTier).toEqual(['{"type":"frames","frames":[{"id":"2-0","prev":"1-0","changes":[]}]}']);
  const read = ranges.length;
  for (const heads of [{ [WORKSPACE]: '2-0' }, {}]) feeds.toldOf({ epoch, heads });
  feeds.toldOf({ epoch: 'before00', heads: { [WORKSPACE]: '8-0' } });
  expect(feeds.isInDoubt).toBe(true);
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect(ranges).toHaveLength(read);
});

it('R4.2 a new epoch is heard of from the relay, also where no frame tells of it', async () => {
  const feeds = await openFeeds();
  epoch = '4567cdef';
  feeds.toldOf({ epoch, heads: {} });
  await vi.advanceTimersByTimeAsync(0);
  expect(resets).toEqual(['epoch']);
  expect((await feeds.open(WORKSPACE)).epoch).toBe(epoch);
});

it('R5.4 compares a few feeds in turn where the relay tells which have moved, and all where it does not', async () => {
  const feeds = await openFeeds();
  const others = Array.from({ length: 7 }, (_, index) => `workspace-${index}`);
  for (const workspace of others) await feeds.open(workspace);
  const compared = async (): Promise<Set<string>> => {
    ranges = [];
    feeds.compareSome();
    await vi.advanceTimersByTimeAsync(0);
    return new Set(ranges);
  };
  expect((await compared()).size).toBe(8);
  feeds.toldOf({ epoch, heads: {} });
  const turns = [await compared(), await compared(), await compared(), await compared()];
  expect(turns.map(({ size }) => size)).toEqual([2, 2, 2, 2]);
  expect(new Set(turns.flatMap((turn) => [...turn])).size).toBe(8);
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await compared()).size).toBe(8);
});

it('R4.4 a feed that is closed hears and reads nothing, and is opened anew where it then stands', async () => {
  const feeds = await openFeeds();
  expect(feeds.unusedFor(1)).toEqual([]);
  await vi.advanceTimersByTimeAsync(10);
  expect(feeds.unusedFor(10)).toEqual([WORKSPACE]);
  const closed = await feeds.open(WORKSPACE);
  feeds.close(WORKSPACE);
  expect([unfollowed, feeds.unusedFor(0)]).toEqual([[WORKSPACE], []]);
  ranges = [];
  bus.onFrame(WORKSPACE, frame(2));
  feeds.compare();
  await vi.advanceTimersByTimeAsync(TIER_MS);
  expect([toldTier, ranges, closed.position]).toEqual([[], [], '1-0']);
  stream = [frame(1), frame(2), frame(3)];
  expect((await feeds.open(WORKSPACE)).position).toBe('3-0');
});
