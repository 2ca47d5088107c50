import { type FaultProxy, startFaultProxy, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLimitStore, type LimitStore } from '../src/limit-store.ts';

let redis: TestRedis;
let wire: FaultProxy;
const stores: LimitStore[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  wire = await startFaultProxy({ port: Number(new URL(redis.url).port) });
});
afterAll(async () => {
  for (const store of stores) store[Symbol.dispose]();
  await wire[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function open(url: string): Promise<LimitStore> {
  const store = createLimitStore({ url, prefix: 'test', onConnectionError: () => undefined });
  stores.push(store);
  // Until it is connected, it counts for itself.
  const probe = store.counter({ name: 'probe', most: 1, seconds: 60 });
  const key = `${stores.length}`;
  for (let tries = 0; tries < 100; tries++) {
    await probe.add(key, 1);
    if ((await redis.command('EXISTS', `test:limits:probe:${key}`)) === 1) return store;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it does not reach Redis');
}

it('two processes count together, and what is counted ends by itself', async () => {
  const [one, other] = [await open(redis.url), await open(redis.url)].map((store) =>
    store.counter({ name: 'shared', most: 2, seconds: 60 }),
  );
  if (!one || !other) throw new Error('two counters');
  expect(await one.look('a')).toBeUndefined();
  expect(await one.add('a', 1)).toBe(1);
  expect(await other.add('a', 1)).toBe(2);
  expect(await one.add('a', -1)).toBe(1);
  expect(await other.take('a')).toEqual({ isFree: true });
  const taken = await one.take('a');
  expect(taken).toMatchObject({ isFree: false });
  if (!taken.isFree) expect(taken.endsInMs).toBeGreaterThan(50_000);
  await one.forget('a');
  expect(await other.look('a')).toBeUndefined();
  expect(await one.take('b', 5)).toEqual({ isFree: true });
  const ttl = Number(await redis.command('TTL', 'test:limits:shared:b'));
  expect(ttl).toBeGreaterThan(0);
  expect(ttl).toBeLessThanOrEqual(5);
});

it('a Redis that hangs is waited for once, then each process counts for itself, and together again when it is back', async () => {
  const counter = (await open(`redis://127.0.0.1:${wire.port}`)).counter({ name: 'hung', most: 3, seconds: 60 });
  await counter.add('a', 2);
  wire.silence();
  const timed = async () => {
    const begun = performance.now();
    expect(await counter.take('a')).toMatchObject({ isFree: true });
    return performance.now() - begun;
  };
  expect(await timed()).toBeLessThan(700);
  expect(Math.min(await timed(), await timed())).toBeLessThan(50);
  expect(await counter.take('a')).toMatchObject({ isFree: false });
  wire.restore();
  for (let tries = 0; tries < 300 && (await counter.look('a'))?.count !== 2; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await counter.look('a')).toMatchObject({ count: 2 });
}, 60_000);

it('a key that somebody else wrote there counts nothing, and hinders nobody', async () => {
  const counter = (await open(redis.url)).counter({ name: 'foreign', most: 1, seconds: 60 });
  await redis.command('LPUSH', 'test:limits:foreign:a', 'x');
  expect(await counter.look('a')).toBeUndefined();
  expect(await counter.take('a')).toEqual({ isFree: true });
});
