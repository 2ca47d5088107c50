import { BusUnavailableError } from '@meldesync/bus';
import { RedisSilentError } from '@meldesync/lifecycle';
import { eventually, startFaultProxy, startTestRedis } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { createImportQueue } from '../src/queue/import-queue.ts';

const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';

it('R1.5 who queues an import hears that Redis is silent, from the start or in the middle, and queues again once it can be reached', async () => {
  await using redis = await startTestRedis();
  await using wire = await startFaultProxy({ port: Number(new URL(redis.url).port) });
  const waiting = async () => redis.command('LLEN', 'test:jobs:imports:wait');
  wire.silence();
  const errors: Error[] = [];
  await using queue = createImportQueue({
    redisUrl: `redis://127.0.0.1:${wire.port}`,
    prefix: 'test',
    onError: (error) => errors.push(error),
  });
  await expect(queue.add(WORKSPACE)).rejects.toThrow(BusUnavailableError);
  // Its first connection was given up.
  await eventually(() => expect(wire.attempts).toBeGreaterThan(1));
  wire.restore();
  await eventually(() => queue.add(WORKSPACE));
  expect(await waiting()).toBe(1);
  wire.silence();
  await expect(queue.add(WORKSPACE)).rejects.toThrow();
  await eventually(() => expect(errors).toContainEqual(expect.any(RedisSilentError)));
  wire.restore();
  await redis.command('FLUSHALL');
  await eventually(() => queue.add(WORKSPACE));
  expect(await waiting()).toBe(1);
});
