import { RedisHandshakeError, RedisSilentError } from '@meldesync/lifecycle';
import { ORIGIN } from '@meldesync/protocol';
import { eventually, type FaultProxy, startFaultProxy, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectRedis, createFeedPublisher, createFeedReader, type FeedReader } from '../src/index.ts';

const EPOCH = '0123abcd';
const WORKSPACE = '725cc21a-37e9-4de6-8d39-51c825cecdc7';
const nothing = () => undefined;

let redis: TestRedis;
let wire: FaultProxy;
let reader: FeedReader;
let canaries: number[];
let errors: Error[];
let resubscribed: number;

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

beforeEach(async () => {
  wire = await startFaultProxy({ port: Number(new URL(redis.url).port) });
  [canaries, errors, resubscribed] = [[], [], 0];
  reader = createFeedReader({
    url: `redis://127.0.0.1:${wire.port}`,
    prefix: 'test',
    onConnectionError: (error) => errors.push(error),
    onFrame: nothing,
    onRange: nothing,
    onNotice: nothing,
    onState: nothing,
    onCanary: ({ transitMs }) => canaries.push(transitMs),
    onUnreadable: ({ reason }) => errors.push(new Error(reason)),
    onFailed: (error) => errors.push(error as Error),
    onResubscribed: () => {
      resubscribed += 1;
    },
  });
  await reader.follow(WORKSPACE);
});
afterEach(async () => {
  reader[Symbol.dispose]();
  await wire[Symbol.asyncDispose]();
});

it('R1.5 a Redis that falls silent is left, the subscription too, and heard again once it can be reached', async () => {
  using publisher = createFeedPublisher({
    onUnreadable: () => undefined,
    url: redis.url,
    prefix: 'test',
    onConnectionError: nothing,
    streamLength: 10,
    streamBytes: 64 * 1024 * 1024,
  });
  await eventually(async () => {
    await publisher.canary({ transitMs: 7 });
    expect(canaries).toContain(7);
  });
  wire.silence();
  // Both connections: that for reading and the one that only listens.
  await eventually(() => expect(errors.filter((error) => error instanceof RedisSilentError)).toHaveLength(2));
  await expect(reader.range(EPOCH, WORKSPACE, ORIGIN, 1)).rejects.toThrow();
  wire.restore();
  await eventually(() => expect(resubscribed).toBeGreaterThan(0));
  await eventually(async () => {
    await publisher.canary({ transitMs: 8 });
    expect(canaries).toContain(8);
  });
});

it('R1.5 what is asked of a silent Redis fails in time', async () => {
  wire.silence();
  await expect(reader.range(EPOCH, WORKSPACE, ORIGIN, 1)).rejects.toThrow();
});

it.each([false, true])(
  'R1.5 a connection that gets no first answer is made anew, also one without limits (blocking: %s)',
  async (isBlocking) => {
    wire.silence();
    const told: Error[] = [];
    using connection = connectRedis({
      url: `redis://127.0.0.1:${wire.port}`,
      commandTimeoutMs: null,
      isBlocking,
      onConnectionError: (error) => told.push(error),
    });
    const answer = connection.redis.ping();
    await eventually(() => expect(told).toContainEqual(expect.any(RedisHandshakeError)));
    wire.restore();
    expect(await answer).toBe('PONG');
  },
);

it('what somebody publishes as a canary and is none costs nothing', async () => {
  await eventually(async () => {
    await redis.command('PUBLISH', 'test:canary', '{"transitMs":-1}');
    await redis.command('PUBLISH', 'test:canary', 'no JSON');
    expect(errors.map(({ message }) => message)).toContain('no canary');
  });
  expect(canaries).toEqual([]);
});
