import { comparePositions, ORIGIN } from '@meldesync/protocol';
import { eventually, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type BusFrame,
  createFeedPublisher,
  createFeedReader,
  createNoticePublisher,
  type FeedPublisher,
  type FeedReader,
} from '../src/index.ts';

const EPOCH = '0123abcd';
const WORKSPACE = '725cc21a-37e9-4de6-8d39-51c825cecdc7';
const PREFIX = 'test';
const KEEP = { mayRestart: false };
const RESTART = { mayRestart: true };

let redis: TestRedis;
let publisher: FeedPublisher;
let reader: FeedReader;
let heard: { workspace: string; frame: BusFrame }[];
let notices: string[];
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
  notices = [];
  resubscribed = 0;
  publisher = createFeedPublisher({ ...options, streamLength: 1_000 });
  reader = createFeedReader({
    ...options,
    onFrame: (workspace, frame) => heard.push({ workspace, frame }),
    onNotice: (_, message) => notices.push(message),
    onState: () => undefined,
    onResubscribed: () => {
      resubscribed += 1;
    },
  });
});
afterEach(() => {
  publisher[Symbol.dispose]();
  reader[Symbol.dispose]();
});

function frame(id: string, prev: string): BusFrame {
  return { epoch: EPOCH, id, prev, txid: '77', json: `{"id":"${id}","prev":"${prev}","changes":[]}` };
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
      expect(await append('15-0', '10-0', options)).toBe('duplicate');
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
    const length = Number(await redis.command('XLEN', `${PREFIX}:{${WORKSPACE}}:feed:${EPOCH}`));
    expect(length).toBeGreaterThanOrEqual(1_000);
    expect(length).toBeLessThan(1_200);
  });
});

describe('the buffer', () => {
  const stream = `${PREFIX}:{${WORKSPACE}}:feed:${EPOCH}`;
  const first = async () => ((await redis.command('XRANGE', stream, '-', '+', 'COUNT', 1)) as [string][])[0]?.[0];

  it('R4.4 drops what is older than it is told to keep, by the time and not by the position', async () => {
    const hour = 3_600_000;
    let prev = ORIGIN;
    for (let index = 1; index <= 600; index++) {
      const id = `${index}-0`;
      expect(await append(id, prev, index === 1 ? RESTART : KEEP)).toMatch(/appended|restarted/);
      prev = id;
      if (index % 100 === 0) {
        const positions = new Map([[WORKSPACE, id]]);
        await publisher.buffer.age(EPOCH, positions, (index / 100) * hour, 3 * hour);
      }
    }
    // At hour 6, what stood at hour 3 (300-0) and before is over; Redis trims whole nodes of its stream at a time.
    expect(Number((await first())?.split('-')[0])).toBeGreaterThan(150);
    expect(Number((await first())?.split('-')[0])).toBeLessThanOrEqual(300);
    const { frames, bytes } = await publisher.buffer.size(EPOCH, [WORKSPACE]);
    expect(frames).toBe(Number(await redis.command('XLEN', stream)));
    expect(bytes).toBeGreaterThan(frames * 10);
  });

  it('is nothing where there is none', async () => {
    expect(await publisher.buffer.size('ffffffff', [WORKSPACE])).toEqual({ frames: 0, bytes: 0 });
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

  it('hears notices of the workspaces it follows, until it does not follow them any more', async () => {
    using sender = createNoticePublisher({ url: redis.url, prefix: PREFIX, onConnectionError: () => undefined });
    await reader.follow(WORKSPACE);
    await sender.publish(WORKSPACE, '{"type":"import"}');
    await sender.publish('00000000-0000-4000-8000-000000000000', '{"type":"foreign"}');
    await eventually(() => expect(notices).toEqual(['{"type":"import"}']));
    await reader.unfollow(WORKSPACE);
    await sender.publish(WORKSPACE, '{"type":"late"}');
    await reader.follow(WORKSPACE);
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

  it('a Redis that does not answer fails the ping in time', async () => {
    await expect(reader.ping(2_000)).resolves.toBeUndefined();
    await redis.kill();
    await expect(reader.ping(50)).rejects.toThrow('timeout');
    await redis.start();
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
