import { RedisSilentError } from '@meldesync/lifecycle';
import { eventually, startFaultProxy, startTestRedis } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { connectLocks } from '../src/index.ts';

const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';
const CLAIM = { workspace: WORKSPACE, records: [1], user: 'anna', instance: 'window of anna', connection: 'of anna' };

it('R1.4 R1.5 a Redis that falls silent is left, and locks are granted again once it can be reached', async () => {
  await using redis = await startTestRedis();
  await using wire = await startFaultProxy({ port: Number(new URL(redis.url).port) });
  const errors: Error[] = [];
  using service = connectLocks({
    onUnreadable: () => undefined,
    redisUrl: `redis://127.0.0.1:${wire.port}`,
    masterUrls: [],
    prefix: 'test',
    channel: (workspace) => `test:{${workspace}}:state`,
    onConnectionError: (error) => errors.push(error),
  });
  await eventually(async () => expect(await service.read(WORKSPACE)).toEqual([]));
  wire.silence();
  await eventually(() => expect(errors.some((error) => error instanceof RedisSilentError)).toBe(true));
  // What was silenced stays so: only another connection gets through.
  wire.restore();
  await eventually(async () => expect(await service.acquire(CLAIM)).toMatchObject({ outcome: 'granted' }));
});
