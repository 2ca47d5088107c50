import { comparePositions, ORIGIN } from '@meldesync/protocol';
import { eventually, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type BusFrame,
  type BusRange,
  BusUnavailableError,
  createFeedPublisher,
  createFeedReader,
  createNoticePublisher,
  type FeedReader,
  feedKeys,
  type RelayFeed,
} from '../src/index.ts';

const EPOCH = '0123abcd';
const WORKSPACE = '725cc21a-37e9-4de6-8d39-51c825cecdc7';
const PREFIX = 'test';
const KEEP = { mayRestart: false };
const RESTART = { mayRestart: true };

let redis: TestRedis;
let publisher: RelayFeed;
let reader: FeedReader;
let heard: { workspace: string; frame: BusFrame }[];
let ranges: BusRange[];
let notices: string[];
let canaries: number[];
let unreadable: unknown[];
let resubscribed: number;
let connectionErrors: Error[];

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

beforeEach(async () => {
  await redis.command('FLUSHALL');
  connectionErrors = [];
  const onConnectionError = (error: Error) => connectionErrors.push(error);
  const options = { url: redis.url, prefix: PREFIX, onConnectionError };
  heard = [];
  ranges = [];
  notices = [];
  canaries = [];
  unreadable = [];
  resubscribed = 0;
  publisher = createFeedPublisher({
    ...options,
    streamLength: 1_000,
    streamBytes: 1024 * 1024,
    onUnreadable: (found) => unreadable.push(found),
  });
  reader = createFeedReader({
    ...options,
    onFrame: (workspace, frame) => heard.push({ workspace, frame }),
    onRange: (_, range) => ranges.push(range),
    onNotice: (_, message) => notices.push(message),
    onState: (_, message) => JSON.parse(message) as unknown,
    onCanary: ({ transitMs }) => canaries.push(transitMs),
    onUnreadable: (found) => unreadable.push(found),
    onFailed: (error) => unreadable.push(error),
    onResubscribed: () => {
      resubscribed += 1;
    },
  });
});
afterEach(() => {
  publisher[Symbol.dispose]();
  reader[Symbol.dispose]();
});

function frame(id: string, prev: string, changes = 1): BusFrame {
  const json = `{"id":"${id}","prev":"${prev}","changes":[]}`;
  return { epoch: EPOCH, id, prev, txid: '77', changes, checksum: Number.parseInt(id, 10) % 2 ** 52, json };
}

function append(id: string, prev: string, options = KEEP) {
  return publisher.append(WORKSPACE, frame(id, prev), options);
}

async function stored(): Promise<string[]> {
  const frames = await reader.range(EPOCH, WORKSPACE, ORIGIN, 100);
  return frames.map(({ id }) => id);
}

describe('appending', () => {
  it('R1.1 keeps frames whose chain is whole, and every node hears them in that order', async () => {
    await reader.follow(WORKSPACE);
    expect(await append('10-0', ORIGIN, RESTART)).toBe('restarted');
    expect(await append('10-1', '10-0')).toBe('appended');
    expect(await append('20-0', '10-1')).toBe('appended');
    const frames = [frame('10-0', ORIGIN), frame('10-1', '10-0'), frame('20-0', '10-1')];
    expect(await reader.range(EPOCH, WORKSPACE, ORIGIN, 100)).toEqual(frames);
    await eventually(() => expect(heard).toEqual(frames.map((one) => ({ workspace: WORKSPACE, frame: one }))));
  });

  it('R1.1 refuses a frame that is there already or lies before the last, and nobody hears it again', async () => {
    await reader.follow(WORKSPACE);
    await append('10-0', ORIGIN, RESTART);
    await append('20-0', '10-0');
    await eventually(() => expect(heard).toHaveLength(2));
    for (const options of [KEEP, RESTART]) {
      expect(await append('20-0', '10-0', options)).toBe('duplicate');
      expect(await append('10-0', ORIGIN, options)).toBe('duplicate');
      expect(await append('5-0', ORIGIN, options)).toBe('duplicate');
    }
    expect(await append('30-0', '20-0')).toBe('appended');
    await eventually(() => expect(heard.map((one) => one.frame.id)).toEqual(['10-0', '20-0', '30-0']));
    expect(await stored()).toEqual(['10-0', '20-0', '30-0']);
  });

  it('R2.4 writes nothing behind a gap, where the stream has lost its end or all of it', async () => {
    expect(await append('20-0', '10-0')).toBe('gap');
    await append('10-0', ORIGIN, RESTART);
    expect(await append('30-0', '20-0')).toBe('gap');
    expect(await stored()).toEqual(['10-0']);
  });

  it('R4.2 begins anew behind a gap where that is allowed, so that no chain has a hole in it', async () => {
    await append('10-0', ORIGIN, RESTART);
    expect(await append('30-0', '20-0', RESTART)).toBe('restarted');
    expect(await append('40-0', '30-0')).toBe('appended');
    expect(await stored()).toEqual(['30-0', '40-0']);
  });

  it.each([
    ['9007199254740993-0', '9007199254740992-0'],
    ['18446744073709551615-0', '18446744073709551614-0'],
    ['10-0', '9-0'],
    ['10-10', '10-9'],
    ['10-9007199254740993', '10-9007199254740992'],
  ])('R1.1 %s comes after %s, also beyond 2^53', async (later, earlier) => {
    expect(comparePositions(earlier, later)).toBeLessThan(0);
    await append(earlier, ORIGIN, RESTART);
    expect(await append(later, earlier)).toBe('appended');
    expect(await append(earlier, ORIGIN)).toBe('duplicate');
    expect(await stored()).toEqual([earlier, later]);
  });

  it('keeps epochs and workspaces apart', async () => {
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    await append('10-0', ORIGIN, RESTART);
    await publisher.append(WORKSPACE, { ...frame('5-0', ORIGIN), epoch: 'ffffffff' }, RESTART);
    await publisher.append(elsewhere, frame('7-0', ORIGIN), RESTART);
    expect(await stored()).toEqual(['10-0']);
    expect((await reader.newest('ffffffff', WORKSPACE, 10)).map(({ id }) => id)).toEqual(['5-0']);
    expect((await reader.newest(EPOCH, elsewhere, 10)).map(({ id }) => id)).toEqual(['7-0']);
  });

  it('R4.4 keeps about as many frames as it is told to', async () => {
    let prev = ORIGIN;
    for (let index = 1; index <= 1_500; index++) {
      const id = `${index}-0`;
      void append(id, prev, index === 1 ? RESTART : KEEP);
      prev = id;
    }
    expect(await append('1501-0', prev)).toBe('appended');
    const length = Number(await redis.command('XLEN', `${PREFIX}:{${WORKSPACE}}:feed2:${EPOCH}`));
    expect(length).toBeGreaterThanOrEqual(1_000);
    expect(length).toBeLessThan(1_200);
  });
});

describe('the buffer', () => {
  it('R4.4 drops what came before a place in the log, but for the frame that the next one joins on to', async () => {
    await append('10-0', ORIGIN, RESTART);
    await append('20-0', '10-0');
    await append('20-1', '20-0');
    await append('30-0', '20-1');
    expect(await publisher.buffer.dropBefore(EPOCH, WORKSPACE, '20', '30-0')).toBe(1);
    expect(await stored()).toEqual(['20-0', '20-1', '30-0']);
    const { frames, bytes, first } = await publisher.buffer.size(EPOCH, WORKSPACE);
    expect([frames, first]).toEqual([3, '20-0']);
    expect(bytes).toBeGreaterThan(100);
    expect(await publisher.buffer.dropBefore(EPOCH, WORKSPACE, '99', '30-0')).toBe(2);
    expect(await stored()).toEqual(['30-0']);
    expect(await append('40-0', '30-0')).toBe('appended');
  });

  it('R4.4 keeps the moments of the log, those of the release before too, and never goes back in it', async () => {
    const { buffer } = publisher;
    const former = `${PREFIX}:{${WORKSPACE}}:moments:${EPOCH}`;
    await redis.command('ZADD', former, 1_000, '10-0', 3_000, '30-2');
    await buffer.note(EPOCH, { lsn: '20', at: 2_000 });
    await buffer.note(EPOCH, { lsn: '25', at: 4_000 });
    await buffer.note(EPOCH, { lsn: '40', at: 5_000 });
    const all = [
      { lsn: '10', at: 1_000 },
      { lsn: '20', at: 2_000 },
      { lsn: '30', at: 3_000 },
      { lsn: '40', at: 5_000 },
    ];
    expect(await buffer.moments(EPOCH, [WORKSPACE])).toEqual(all);
    expect(await redis.command('EXISTS', former)).toBe(0);
    await buffer.forget(EPOCH, { lsn: '25', at: 4_000 });
    expect(await buffer.moments(EPOCH, [WORKSPACE])).toEqual([
      { lsn: '25', at: 4_000 },
      { lsn: '40', at: 5_000 },
    ]);
    expect(unreadable).toEqual([]);
  });

  it('R4.4 a stream keeps about as many bytes as it may, and its newest frame however large it is', async () => {
    const stream = `${PREFIX}:{${WORKSPACE}}:feed2:${EPOCH}`;
    const json = 'x'.repeat(10_000);
    let prev = ORIGIN;
    for (let number = 1; number <= 300; number++) {
      const id = `${number}-0`;
      const answer = await publisher.append(WORKSPACE, { ...frame(id, prev), json }, prev === ORIGIN ? RESTART : KEEP);
      expect(answer).toMatch(/appended|restarted/);
      prev = id;
    }
    const length = Number(await redis.command('XLEN', stream));
    expect(length).toBeGreaterThan(90);
    expect(length).toBeLessThan(110);
    const large = { ...frame('301-0', '300-0'), json: 'x'.repeat(2_000_000) };
    expect(await publisher.append(WORKSPACE, large, KEEP)).toBe('appended');
    expect(await redis.command('XLEN', stream)).toBe(1);
    expect(await append('302-0', '301-0')).toBe('appended');
  });

  it('R4.4 of epochs that are over keeps nothing but, for a day, that nobody may write to them, in any workspace', async () => {
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    const workspaces = [WORKSPACE, elsewhere];
    for (const epoch of ['aaaaaaaa', 'bbbbbbbb', EPOCH]) {
      await publisher.dropOtherEpochs(epoch, workspaces);
      await publisher.beginMarker(epoch);
      await publisher.buffer.note(epoch, { lsn: '10', at: 1 });
      for (const workspace of workspaces) {
        await redis.command('ZADD', `${PREFIX}:{${workspace}}:moments:${epoch}`, 1, '10-0');
        await publisher.append(workspace, { ...frame('10-0', ORIGIN), epoch }, RESTART);
      }
    }
    const late = { ...frame('20-0', '10-0'), epoch: 'aaaaaaaa' };
    expect(await publisher.append(WORKSPACE, late, RESTART)).toBe('fenced');
    const fences = ['aaaaaaaa', 'bbbbbbbb'].flatMap((one) => workspaces.map((of) => `${PREFIX}:{${of}}:fence:${one}`));
    for (const fence of fences) expect(await redis.command('TTL', fence)).toBeGreaterThan(80_000);
    const ofEpochs = ((await redis.command('KEYS', '*')) as string[]).filter((key) => key !== `${PREFIX}:epochs`);
    expect(ofEpochs.toSorted()).toEqual(
      [
        `${PREFIX}:marker:${EPOCH}`,
        `${PREFIX}:{feed}:moments:${EPOCH}`,
        ...fences,
        ...workspaces.flatMap((one) => [`${PREFIX}:{${one}}:feed2:${EPOCH}`, `${PREFIX}:{${one}}:moments:${EPOCH}`]),
      ].toSorted(),
    );
    expect(await redis.command('SMEMBERS', `${PREFIX}:epochs`)).toEqual([EPOCH]);
  });

  it('leaves streams of an earlier form alone, whose entries cannot be read', async () => {
    const former = `${PREFIX}:{${WORKSPACE}}:feed:${EPOCH}`;
    await redis.command('XADD', former, '10-0', 'p', ORIGIN, 'f', '{}');
    await publisher.append(WORKSPACE, frame('20-0', '10-0'), RESTART);
    await reader.follow(WORKSPACE);
    expect(await stored()).toEqual(['20-0']);
    expect(await redis.command('XLEN', former)).toBe(1);
  });

  it('is nothing where there is none', async () => {
    expect(await publisher.buffer.size('ffffffff', WORKSPACE)).toEqual({ frames: 0, bytes: 0, first: undefined });
  });
});

describe('large transactions', () => {
  const RANGE = { epoch: EPOCH, from: '10-0', to: '20-1', txid: '77', changes: 700, checksum: 20 };
  const appendLarge = async () => [
    await publisher.append(WORKSPACE, frame('20-0', '10-0', 500), { ...KEEP, tell: 'nothing' }),
    await publisher.append(WORKSPACE, frame('20-1', '20-0', 200), { ...KEEP, tell: RANGE }),
  ];

  it('R3.5 are in the stream frame by frame, and the nodes hear of them once, in their place', async () => {
    await reader.follow(WORKSPACE);
    await append('10-0', ORIGIN, RESTART);
    expect(await appendLarge()).toEqual(['appended', 'appended']);
    await append('30-0', '20-1');
    await eventually(() => expect(heard.map((one) => one.frame.id)).toEqual(['10-0', '30-0']));
    expect(ranges).toEqual([RANGE]);
    expect(await stored()).toEqual(['10-0', '20-0', '20-1', '30-0']);
  });

  it('R3.5 that are sent again or do not join on are not told of', async () => {
    await reader.follow(WORKSPACE);
    expect(await appendLarge()).toEqual(['gap', 'gap']);
    await append('10-0', ORIGIN, RESTART);
    await appendLarge();
    expect(await appendLarge()).toEqual(['duplicate', 'duplicate']);
    await append('30-0', '20-1');
    await eventually(() => expect(heard).toHaveLength(2));
    expect(ranges).toEqual([RANGE]);
  });

  it('R3.5 says how many changes lie after a position, and when it does not know', async () => {
    const count = (after: string) => reader.countAfter(EPOCH, WORKSPACE, after);
    expect(await count(ORIGIN)).toBeUndefined();
    await append('10-0', ORIGIN, RESTART);
    await appendLarge();
    await append('30-0', '20-1');
    expect(await Promise.all([ORIGIN, '10-0', '20-0', '20-1', '30-0', '15-0'].map(count))).toEqual([
      702,
      701,
      201,
      1,
      undefined,
      undefined,
    ]);
  });
});

describe('reading', () => {
  it('gives pages behind a position, and the newest frames oldest first', async () => {
    await append('10-0', ORIGIN, RESTART);
    await append('20-0', '10-0');
    await append('30-0', '20-0');
    const ids = (frames: BusFrame[]) => frames.map(({ id }) => id);
    expect(ids(await reader.range(EPOCH, WORKSPACE, '10-0', 1))).toEqual(['20-0']);
    expect(ids(await reader.range(EPOCH, WORKSPACE, '30-0', 10))).toEqual([]);
    expect(ids(await reader.newest(EPOCH, WORKSPACE, 2))).toEqual(['20-0', '30-0']);
    expect(ids(await reader.newest('ffffffff', WORKSPACE, 2))).toEqual([]);
  });

  it('R1.1 says of each frame what the records add up to after it, where that is known', async () => {
    await reader.follow(WORKSPACE);
    const largest = 2 ** 52 - 1;
    await publisher.append(WORKSPACE, { ...frame('10-0', ORIGIN), checksum: largest }, RESTART);
    await publisher.append(WORKSPACE, { ...frame('20-0', '10-0'), checksum: 0 }, KEEP);
    await publisher.append(WORKSPACE, { ...frame('30-0', '20-0'), checksum: null }, KEEP);
    const stored = await reader.range(EPOCH, WORKSPACE, ORIGIN, 10);
    expect(stored.map(({ checksum }) => checksum)).toEqual([largest, 0, null]);
    await eventually(() => expect(heard.map((one) => one.frame)).toEqual(stored));
  });

  it('R4.1 reads entries of a relay of the version before, which hold no checksum', async () => {
    const fields = ['p', ORIGIN, 'x', '77', 'f', '{}', 'n', '1', 's', '1'];
    await redis.command('XADD', `${PREFIX}:{${WORKSPACE}}:feed2:${EPOCH}`, '10-0', ...fields);
    const [read] = await reader.range(EPOCH, WORKSPACE, ORIGIN, 10);
    expect(read).toEqual({
      epoch: EPOCH,
      id: '10-0',
      prev: ORIGIN,
      txid: '77',
      changes: 1,
      checksum: null,
      json: '{}',
    });
    expect(await append('20-0', '10-0')).toBe('appended');
  });

  it('hears notices of the workspaces it follows, and of no other', async () => {
    using sender = createNoticePublisher({ url: redis.url, prefix: PREFIX, onConnectionError: () => undefined });
    await reader.follow(WORKSPACE);
    await sender.publish(WORKSPACE, '{"type":"import"}');
    await sender.publish('00000000-0000-4000-8000-000000000000', '{"type":"foreign"}');
    await eventually(() => expect(notices).toEqual(['{"type":"import"}']));
    await sender.publish(WORKSPACE, '{"type":"again"}');
    await eventually(() => expect(notices).toEqual(['{"type":"import"}', '{"type":"again"}']));
  });

  it('R4.2 says when the subscription stands again after Redis was away', async () => {
    await reader.follow(WORKSPACE);
    await redis.kill();
    await redis.start();
    await eventually(() => expect(resubscribed).toBe(1));
    expect(await append('10-0', ORIGIN, RESTART)).toBe('restarted');
    await eventually(() => expect(heard.map((one) => one.frame.id)).toEqual(['10-0']));
  });

  it('R1.5 a connection that is cut again while it subscribes again stands in the end, and nothing is missed', async () => {
    await reader.follow(WORKSPACE);
    for (let cut = 1; cut <= 5; cut++) {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await eventually(() => expect(resubscribed).toBeGreaterThanOrEqual(cut));
    }
    await append('10-0', ORIGIN, RESTART);
    await eventually(() => expect(heard.map((one) => one.frame.id)).toEqual(['10-0']));
  });

  it('R1.5 what somebody publishes that cannot be read costs that message alone', async () => {
    await reader.follow(WORKSPACE);
    await redis.command('PUBLISH', feedKeys(PREFIX).state(WORKSPACE), 'no JSON');
    await append('10-0', ORIGIN, RESTART);
    await eventually(() => expect(heard.map((one) => one.frame.id)).toEqual(['10-0']));
    expect(unreadable).toEqual([expect.any(SyntaxError)]);
  });

  it('R1.5 what is read of a Redis that is away fails, as something that passes', async () => {
    await append('10-0', ORIGIN, RESTART);
    await redis.kill();
    await expect(reader.newest(EPOCH, WORKSPACE, 1)).rejects.toBeInstanceOf(BusUnavailableError);
    await redis.start();
    await eventually(async () => expect(await reader.newest(EPOCH, WORKSPACE, 1)).toEqual([]));
  });
});

describe('ending without Redis', () => {
  it.each(['at once', 'between two tries'])('fails what still waits: %s', async (when) => {
    await append('10-0', ORIGIN, RESTART);
    await redis.kill();
    const waiting = [append('20-0', '10-0'), append('30-0', '20-0')];
    const tries = connectionErrors.length;
    if (when === 'between two tries')
      await eventually(() => expect(connectionErrors.length).toBeGreaterThan(tries + 6));
    publisher[Symbol.dispose]();
    for (const answer of waiting) await expect(answer).rejects.toThrow('closed');
    await redis.start();
    expect(await stored()).toEqual([]);
  });
});

describe('the marker', () => {
  it('R2.4 tells that Redis lost something, once', async () => {
    await publisher.beginMarker(EPOCH);
    expect(await publisher.checkMarker(EPOCH)).toBe('kept');
    expect(await publisher.checkMarker(EPOCH)).toBe('kept');
    await redis.command('FLUSHALL');
    expect(await publisher.checkMarker(EPOCH)).toBe('lost');
    expect(await publisher.checkMarker(EPOCH)).toBe('kept');
  });

  it('R2.4 tells that Redis came back with an older state', async () => {
    await publisher.beginMarker(EPOCH);
    const key = `${PREFIX}:marker:${EPOCH}`;
    const older = String(await redis.command('GET', key));
    expect(await publisher.checkMarker(EPOCH)).toBe('kept');
    await redis.command('SET', key, older);
    expect(await publisher.checkMarker(EPOCH)).toBe('lost');
  });

  it('begins anew for a publisher that starts over', async () => {
    await publisher.beginMarker(EPOCH);
    await redis.command('FLUSHALL');
    await publisher.beginMarker(EPOCH);
    expect(await publisher.checkMarker(EPOCH)).toBe('kept');
  });
});

it('R4.4 hears nothing more of a workspace that is not followed any more, also on another connection', async () => {
  const channel = `${PREFIX}:{${WORKSPACE}}:frames`;
  const listeners = async () => ((await redis.command('PUBSUB', 'NUMSUB', channel)) as [string, number])[1];
  await reader.follow(WORKSPACE);
  expect(await listeners()).toBe(1);
  reader.unfollow(WORKSPACE);
  await eventually(async () => expect(await listeners()).toBe(0));
  await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await eventually(async () =>
    expect(((await redis.command('PUBSUB', 'NUMSUB', `${PREFIX}:canary`)) as [string, number])[1]).toBe(1),
  );
  expect(await listeners()).toBe(0);
  reader.unfollow(WORKSPACE);
  await reader.follow(WORKSPACE);
  expect(await listeners()).toBe(1);
});
