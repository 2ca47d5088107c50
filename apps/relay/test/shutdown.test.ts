import { createTestDatabase, eventually, startTestPostgres, startTestRedis } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { startRelay } from '../src/app.ts';

it('R1.5 a Postgres that is told to stop does not wait for what the relay holds back', async () => {
  await using postgres = await startTestPostgres();
  const database = await createTestDatabase(postgres.url);
  await using redis = await startTestRedis();
  await using relay = await startRelay({
    name: 'relay',
    databaseUrl: database.urlAs('relay'),
    slot: database.slot,
    holdBackMs: 24 * 3_600_000,
    streamLength: 1_000,
    streamBytes: 256 * 1024 * 1024,
    streamTotalBytes: 2 * 1024 * 1024 * 1024,
    streamAgeMs: 24 * 3_600_000,
    rangeThreshold: 100,
    redisUrl: redis.url,
    redisPrefix: 'test',
    adminPort: 0,
    logLevel: 'silent',
    logFormat: 'json',
  });
  await eventually(() => expect(relay.active).toBe(true));
  postgres.shutDown();
  await eventually(() => expect(postgres.isRunning()).toBe(false));
});
