import { comparePositions, ORIGIN } from '@meldesync/protocol';
import { startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppendAnswer, createFeedPublisher, feedKeys, type RelayFeed } from '../src/index.ts';

const EPOCH = '0123abcd';
const WORKSPACE = '725cc21a-37e9-4de6-8d39-51c825cecdc7';
const PREFIX = 'test';
const STREAM = feedKeys(PREFIX).stream(EPOCH, WORKSPACE);
const IDS = ['10-0', '20-0', '30-0'];

let redis: TestRedis;
let publisher: RelayFeed;
let successor: RelayFeed;

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

function openPublisher(): RelayFeed {
  return createFeedPublisher({
    url: redis.url,
    prefix: PREFIX,
    onUnreadable: () => undefined,
    streamLength: 1_000,
    streamBytes: 64 * 1024 * 1024,
    onConnectionError: (error) => {
      throw error;
    },
  });
}

beforeEach(async () => {
  await redis.command('FLUSHALL');
  publisher = openPublisher();
  successor = openPublisher();
});
afterEach(() => {
  publisher[Symbol.dispose]();
  successor[Symbol.dispose]();
});

function append(id: string, prev: string, mayRestart = false, { txid = '77', by = publisher } = {}) {
  const json = `{"id":"${id}","prev":"${prev}","changes":[]}`;
  return by.append(WORKSPACE, { epoch: EPOCH, id, prev, txid, changes: 1, checksum: 1, json }, { mayRestart });
}

/** A pass over the log from its beginning: the first frame may begin the stream anew, as the relay allows it. */
async function refill(ids: readonly string[]): Promise<AppendAnswer[]> {
  return Promise.all(ids.map((id, index) => append(id, ids[index - 1] ?? ORIGIN, index === 0)));
}

async function stored(): Promise<string[]> {
  const entries = (await redis.command('XRANGE', STREAM, '-', '+')) as [string][];
  return entries.map(([id]) => id);
}

/** Ways in which a stream loses entries, or its key, other than by trimming its beginning. */
const DAMAGE: Record<string, readonly string[][]> = {
  'trimmed to nothing': [['XTRIM', STREAM, 'MAXLEN', '0']],
  'without its last entry': [['XDEL', STREAM, '30-0']],
  'without one in its middle': [['XDEL', STREAM, '20-0']],
  'without any of its entries': [['XDEL', STREAM, '10-0', '20-0', '30-0']],
  'whose next id was raised': [['XSETID', STREAM, '18446744073709551615-0']],
  'of another type': [
    ['DEL', STREAM],
    ['SET', STREAM, 'something else'],
  ],
  'with an entry of somebody else at its end': [['XADD', STREAM, '35-0', 'name', 'value']],
  'that is gone': [['DEL', STREAM]],
};

describe.each(Object.entries(DAMAGE))('a stream %s', (name, commands) => {
  beforeEach(async () => {
    expect(await refill(IDS)).toEqual(['restarted', 'appended', 'appended']);
    for (const [command = '', ...args] of commands) await redis.command(command, ...args);
  });

  it('R1.1 R2.4 is filled again by passes over the log, and then goes on', async () => {
    for (let pass = 1; pass <= 3; pass++) await refill([...IDS, '40-0']);
    expect(await refill([...IDS, '40-0'])).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
    expect(await append('50-0', '40-0')).toBe('appended');
    // What was deleted in the middle is before the place where the pass begins: nobody missed it.
    if (name !== 'without one in its middle') expect(await stored()).toEqual([...IDS, '40-0', '50-0']);
  });

  it('R1.1 R2.4 is found out without a further frame, once', async () => {
    const found = await publisher.checkStream(EPOCH, WORKSPACE);
    expect(found).toEqual({ kind: name === 'that is gone' ? 'none' : 'damaged' });
    expect(await publisher.checkStream(EPOCH, WORKSPACE)).toEqual({ kind: 'none' });
    await refill(IDS);
    expect(await stored()).toEqual(IDS);
    expect(await publisher.checkStream(EPOCH, WORKSPACE)).toEqual({ kind: 'newest', id: '30-0' });
  });
});

describe('a log that was set back', () => {
  beforeEach(async () => {
    await refill(IDS);
  });

  it.each([
    ['another transaction at the place of one', '20-0', '10-0', '78'],
    ['one where there was none', '25-0', '20-0', '79'],
    ['one after those that it no longer has', '40-0', '20-0', '80'],
  ])('R1.1 %s is neither appended nor taken for one that is there', async (_, id, prev, txid) => {
    for (const mayRestart of [true, false]) {
      expect(await append(id, prev, mayRestart, { txid })).toBe('diverged');
    }
    expect(await stored()).toEqual(IDS);
  });

  it('R4.4 what was trimmed from the beginning is no sign of it', async () => {
    await redis.command('XTRIM', STREAM, 'MINID', '=', '30-0');
    expect(await refill(IDS)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(await publisher.checkStream(EPOCH, WORKSPACE)).toEqual({ kind: 'newest', id: '30-0' });
  });
});

describe('a relay that another one has replaced', () => {
  it('R1.1 R1.5 writes nothing any more, also where the other has not written yet', async () => {
    expect(await publisher.takeOver(EPOCH, 1, [WORKSPACE])).toBe(true);
    await publisher.beginMarker(EPOCH);
    await refill(IDS);
    expect(await successor.takeOver(EPOCH, 2, [WORKSPACE])).toBe(true);
    await successor.beginMarker(EPOCH);
    expect(await append('40-0', '30-0')).toBe('fenced');
    expect(await append('50-0', '45-0', true)).toBe('fenced');
    expect(await publisher.checkStream(EPOCH, WORKSPACE)).toEqual({ kind: 'fenced' });
    expect(await publisher.checkMarker(EPOCH)).toBe('fenced');
    expect(await successor.checkMarker(EPOCH)).toBe('kept');
    expect(await append('40-0', '30-0', false, { by: successor })).toBe('appended');
    expect(await stored()).toEqual([...IDS, '40-0']);
  });

  it('R1.5 is refused from the first frame on where the other did not know the workspace', async () => {
    await publisher.takeOver(EPOCH, 1, []);
    await successor.takeOver(EPOCH, 2, []);
    await append('10-0', ORIGIN, true, { by: successor });
    expect(await append('20-0', '10-0')).toBe('fenced');
    expect(await publisher.takeOver(EPOCH, 1, [WORKSPACE])).toBe(false);
  });

  it('R4.1 of the release before has no token, and does not keep its successor away', async () => {
    await redis.command('SET', feedKeys(PREFIX).marker(EPOCH), '0e6b3a5c-0000-4000-8000-000000000000');
    await redis.command('XADD', STREAM, '10-0', 'p', ORIGIN, 'x', '77', 'f', '{}', 'n', '1', 's', '1');
    expect(await successor.takeOver(EPOCH, 1, [WORKSPACE])).toBe(true);
    await successor.beginMarker(EPOCH);
    expect(await successor.checkMarker(EPOCH)).toBe('kept');
    expect(await append('20-0', '10-0', false, { by: successor })).toBe('appended');
  });
});

it.each([
  ['a text', ['SET', 'something else']],
  ['a list', ['RPUSH', 'something else']],
])('R1.1 what somebody else put where tokens stand, %s, is overwritten', async (_, [command = '', value = '']) => {
  expect(await publisher.takeOver(EPOCH, 1, [WORKSPACE])).toBe(true);
  await publisher.beginMarker(EPOCH);
  for (const key of [feedKeys(PREFIX).fence(EPOCH, WORKSPACE), feedKeys(PREFIX).marker(EPOCH)]) {
    await redis.command('DEL', key);
    await redis.command(command, key, value);
  }
  expect(await refill(IDS)).toEqual(['restarted', 'appended', 'appended']);
  expect(await publisher.checkMarker(EPOCH)).toBe('lost');
  expect(await publisher.checkMarker(EPOCH)).toBe('kept');
  expect(await publisher.takeOver(EPOCH, 2, [WORKSPACE])).toBe(true);
  expect(await append('40-0', '30-0')).toBe('appended');
});

it('R1.1 ids are compared beyond 2^53', async () => {
  const [first, second] = ['18446744073709551614-0', '18446744073709551615-0'] as const;
  expect(comparePositions(first, second)).toBeLessThan(0);
  expect(await refill([first, second])).toEqual(['restarted', 'appended']);
  expect(await refill([first, second])).toEqual(['duplicate', 'duplicate']);
});
