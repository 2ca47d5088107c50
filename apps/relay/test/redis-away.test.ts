import {
  type Cluster,
  eventually,
  type FaultProxy,
  metricOf,
  readStream,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Relay, startRelay } from '../src/app.ts';

const REDIS_TIMEOUT_MS = 400;

let cluster: Cluster;
let wire: FaultProxy;
let relay: Relay | undefined;

beforeEach(async () => {
  cluster = await startCluster({ worker: false, relay: false, nodes: 1 });
  wire = await startFaultProxy({ port: Number(new URL(cluster.redis.url).port) });
  relay = await startRelay({
    databaseUrl: cluster.database.urlAs('relay'),
    redisUrl: `redis://127.0.0.1:${wire.port}`,
    redisPrefix: cluster.redisPrefix,
    name: 'behind the wire',
    adminPort: 0,
    logLevel: 'silent',
    logFormat: 'json',
    slot: cluster.database.slot,
    holdBackMs: 60_000,
    streamLength: 200_000,
    streamBytes: 256 * 1024 * 1024,
    streamTotalBytes: 2 * 1024 * 1024 * 1024,
    streamAgeMs: 24 * 3_600_000,
    rangeThreshold: 100,
    redisTimeoutMs: REDIS_TIMEOUT_MS,
  });
  await eventually(() => expect(relay?.active).toBe(true));
});
afterEach(async () => {
  await relay?.[Symbol.asyncDispose]();
  await wire[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** How often the relay gave a pass up. */
async function failures(): Promise<number> {
  return metricOf(relay, 'meldesync_relay_passes_total', { reason: 'failure' });
}

/** The relay gives up several passes more, and at no time between them it is active. */
async function expectToStayAway(): Promise<void> {
  const until = (await failures()) + 3;
  while ((await failures()) < until) expect(relay?.active).toBe(false);
}

it.each(['silent', 'refusing'] as const)(
  'R1.5 a relay whose Redis is %s leaves the slot to one that reaches it',
  async (state) => {
    await cluster.addRecords(1);
    await eventually(async () => expect((await readStream(cluster)).length).toBe(1));
    const standby = await cluster.addRelay('standby');
    if (state === 'silent') wire.silence();
    else wire.refuse();
    await cluster.addRecords(3, { first: 10 });
    await eventually(() => expect(standby.active).toBe(true));
    await eventually(async () => expect((await readStream(cluster)).length).toBe(2));
    expect(relay?.active).toBe(false);
  },
);

it('R1.5 a relay whose Redis is away does not take the slot before its Redis answers', async () => {
  wire.refuse();
  await eventually(() => expect(relay?.active).toBe(false));
  await cluster.addRecords(1);
  await expectToStayAway();
  wire.restore();
  await eventually(() => expect(relay?.active).toBe(true));
  await eventually(async () => expect((await readStream(cluster)).length).toBe(1));
});

it('ends while its Redis is silent', async () => {
  wire.silence();
  await cluster.addRecords(3);
  await relay?.[Symbol.asyncDispose]();
  relay = undefined;
  const next = await cluster.addRelay('next');
  await eventually(async () => expect((await readStream(cluster)).length).toBe(1));
  expect(next.active).toBe(true);
});
