import { ORIGIN } from '@meldesync/protocol';
import { startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AppendAnswer, createFeedPublisher, createFeedReader, type RelayFeed } from '../src/index.ts';

const EPOCH = '0123abcd';
const PREFIX = 'test';
const [WORKSPACE, OTHER] = ['725cc21a-37e9-4de6-8d39-51c825cecdc7', '00000000-0000-4000-8000-000000000000'] as const;

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis({ prefix: PREFIX });
});
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  await redis.command('CONFIG', 'SET', 'maxmemory', 0);
  await redis.command('FLUSHALL');
});

function connect() {
  const errors: unknown[] = [];
  const shared = { url: redis.urlAs('relay'), prefix: PREFIX, onConnectionError: (error: Error) => errors.push(error) };
  return createFeedPublisher({
    ...shared,
    streamLength: 100_000,
    streamBytes: 64 * 1024 * 1024,
    onUnreadable: (found) => errors.push(found),
  });
}

/** Appends frames of so many characters from the one with this number on; the answers. */
async function append(feed: RelayFeed, from: number, to: number, characters: number): Promise<Set<AppendAnswer>> {
  const answers = new Set<AppendAnswer>();
  for (let number = from; number <= to; number++) {
    const prev = number === 1 ? ORIGIN : (`${number - 1}-0` as const);
    const frame = { epoch: EPOCH, id: `${number}-0` as const, prev, txid: '7', changes: 1, checksum: number };
    answers.add(await feed.append(WORKSPACE, { ...frame, json: 'x'.repeat(characters) }, { mayRestart: number === 1 }));
  }
  return answers;
}

async function maxMemory(spare: number): Promise<void> {
  const used = /used_memory:(\d+)/.exec(String(await redis.command('INFO', 'memory')))?.[1];
  await redis.command('CONFIG', 'SET', 'maxmemory', Number(used) + spare);
}

it('R4.2 a full Redis takes every frame, tells of it, and lets the oldest of the stream go', async () => {
  using feed = connect();
  const heard: string[] = [];
  using reader = createFeedReader({
    url: redis.url,
    prefix: PREFIX,
    onConnectionError: () => undefined,
    onFrame: (_, { id }) => heard.push(id),
    onRange: () => undefined,
    onNotice: () => undefined,
    onState: () => undefined,
    onCanary: () => undefined,
    onUnreadable: () => undefined,
    onFailed: () => undefined,
    onResubscribed: () => undefined,
  });
  await reader.follow(WORKSPACE);
  await append(feed, 1, 200, 10_000);
  await maxMemory(500_000);
  expect(await append(feed, 201, 800, 10_000)).toEqual(new Set(['appended', 'squeezed']));
  await reader.range(EPOCH, WORKSPACE, ORIGIN, 1);
  expect(heard).toEqual(Array.from({ length: 800 }, (_, index) => `${index + 1}-0`));
  const kept = await reader.newest(EPOCH, WORKSPACE, 1_000);
  expect(kept.at(-1)?.id).toBe('800-0');
  expect(kept[0]?.id).not.toBe('1-0');
  for (const [index, { prev }] of kept.entries()) if (index > 0) expect(prev).toBe(kept[index - 1]?.id);
});

it('R4.2 takes the first frame of a workspace, a takeover, an epoch and the marker though there is no room at all', async () => {
  using feed = connect();
  await append(feed, 1, 10, 100);
  await redis.command('CONFIG', 'SET', 'maxmemory', 1);
  await expect(redis.command('SET', 'anything', '1')).rejects.toThrow('OOM');
  expect(await feed.takeOver(EPOCH, 7, [WORKSPACE, OTHER])).toBe(true);
  await feed.beginMarker(EPOCH);
  expect(await feed.checkMarker(EPOCH)).toBe('kept');
  await feed.dropOtherEpochs(EPOCH, [WORKSPACE]);
  const first = { epoch: EPOCH, id: '99-0', prev: ORIGIN, txid: '7', changes: 1, checksum: 1, json: '{}' } as const;
  expect(await feed.append(OTHER, first, { mayRestart: true })).toBe('restarted');
  expect(await append(feed, 11, 20, 100)).toEqual(new Set(['squeezed']));
  expect((await feed.buffer.size(EPOCH, WORKSPACE)).frames).toBe(2);
  expect(await feed.buffer.note(EPOCH, { lsn: '9', at: 1 })).toBe(false);
  expect(await feed.buffer.dropBefore(EPOCH, WORKSPACE, '99', '20-0')).toBe(1);
  const { used, most } = await feed.buffer.memory();
  expect(most).toBe(1);
  expect(used).toBeGreaterThan(1);
  // An epoch after it, too.
  await feed.dropOtherEpochs('ffffffff', [WORKSPACE, OTHER]);
  expect(await redis.command('SMEMBERS', `${PREFIX}:epochs`)).toEqual(['ffffffff']);
});
