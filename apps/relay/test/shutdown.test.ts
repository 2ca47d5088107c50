import { createTestDatabase, eventually, runSql, sampleMeldebestaetigung, startTestRedis } from '@meldesync/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';
import { startTestServices } from '../../../scripts/lib/test-services.mjs';
import { startRelay } from '../src/app.ts';

const stack = new StopStack();
afterEach(() => stack.stopAll());

it('R1.5 a Postgres that is told to stop does not wait for what the relay holds back', async () => {
  // One of its own: no other test would like to see it stop.
  vi.stubEnv('TEST_DATABASE_URL', '');
  const services = await startTestServices(stack, { durable: false });
  vi.stubEnv('TEST_DATABASE_URL', services.TEST_DATABASE_URL);
  const database = await createTestDatabase();
  await using redis = await startTestRedis();
  await using relay = await startRelay({
    name: 'relay',
    databaseUrl: database.ownerUrl,
    slot: database.slot,
    holdBackMs: 24 * 3_600_000,
    streamLength: 1_000,
    streamAgeMs: 24 * 3_600_000,
    rangeThreshold: 100,
    redisUrl: redis.url,
    redisPrefix: 'test',
    adminPort: 0,
    logLevel: 'silent',
    logFormat: 'json',
  });
  await eventually(() => expect(relay.active).toBe(true));
  const [row] = await runSql(services.TEST_DATABASE_URL, "select pg_read_file('postmaster.pid') as text");
  const pid = Number(String(row?.['text']).split('\n')[0]);
  process.kill(pid, 'SIGINT');
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
});
