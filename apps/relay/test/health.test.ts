import type { Readiness } from '@meldesync/telemetry';
import {
  type Cluster,
  eventually,
  type FaultProxy,
  readStream,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Relay, startRelay } from '../src/app.ts';

let cluster: Cluster;
let redisWire: FaultProxy;
let postgresWire: FaultProxy;
let relay: Relay | undefined;

beforeEach(async () => {
  cluster = await startCluster({ worker: false, relay: false, nodes: 1 });
  redisWire = await startFaultProxy({ port: Number(new URL(cluster.redis.url).port) });
  const database = new URL(cluster.database.ownerUrl);
  postgresWire = await startFaultProxy({ port: Number(database.port) });
  database.hostname = '127.0.0.1';
  database.port = String(postgresWire.port);
  relay = await startRelay({
    databaseUrl: database.href,
    redisUrl: `redis://127.0.0.1:${redisWire.port}`,
    redisPrefix: cluster.redisPrefix,
    name: 'behind wires',
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
  });
  await expectReadiness({ usable: true, live: true, role: 'active', missing: [] });
});
afterEach(async () => {
  await relay?.[Symbol.asyncDispose]();
  await redisWire[Symbol.asyncDispose]();
  await postgresWire[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

async function readiness(of = relay): Promise<{ status: number; body: Readiness }> {
  const response = await fetch(`http://127.0.0.1:${of?.adminPort}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
}

async function expectReadiness(expected: Partial<Readiness>): Promise<void> {
  await eventually(async () => {
    const { status, body } = await readiness();
    expect(body).toMatchObject(expected);
    expect(status).toBe(expected.usable === false ? 503 : 200);
  });
}

it('R1.5 a relay is not ready while Redis is silent, and by itself again after', async () => {
  redisWire.silence();
  await expectReadiness({ usable: false, live: false });
  redisWire.restore();
  await expectReadiness({ usable: true, live: true });
});

it('R1.5 a relay is not ready while Postgres is silent, and goes on by itself after', async () => {
  await cluster.addRecords(1);
  await eventually(async () => expect(await readStream(cluster)).toHaveLength(1));
  postgresWire.silence();
  await expectReadiness({ usable: false, live: false });
  postgresWire.restore();
  await cluster.addRecords(1, { first: 10 });
  await expectReadiness({ usable: true, live: true, role: 'active' });
  await eventually(async () => expect(await readStream(cluster)).toHaveLength(2));
});

it('R4.2 a relay goes on while Redis is full: each stream keeps its newest frame, and nothing is missing', async () => {
  await cluster.addRecords(1, { first: 20 });
  await eventually(async () => expect(await readStream(cluster)).not.toHaveLength(0));
  await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '1');
  for (let number = 21; number < 30; number++) await cluster.addRecords(1, { first: number });
  await expectReadiness({ usable: true, live: true, role: 'active' });
  const newest = async () => (await readStream(cluster)).at(-1)?.frame.changes.at(-1)?.record;
  const [last] = await cluster.sql('select max(id) as id from records');
  await eventually(async () => expect(await newest()).toBe(Number(last?.['id'])));
  await eventually(async () => expect(await readStream(cluster)).toHaveLength(1));
  await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '0');
  await cluster.addRecords(1, { first: 30 });
  await eventually(async () => expect(await readStream(cluster)).toHaveLength(2));
});

it('R1.5 a relay without a slot is not ready', async () => {
  await relay?.[Symbol.asyncDispose]();
  relay = undefined;
  await cluster.sql(`select pg_drop_replication_slot($1)`, [cluster.database.slot]);
  relay = await startRelay({
    databaseUrl: cluster.database.appUrl,
    redisUrl: cluster.redis.url,
    redisPrefix: cluster.redisPrefix,
    name: 'without the right to a slot',
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
  });
  await eventually(async () => {
    const { status, body } = await readiness();
    expect(status).toBe(503);
    expect(body.missing.join()).toMatch(/permission denied|42501/);
  });
});

it('R1.5 one that stands by is ready as that', async () => {
  const standby = await cluster.addRelay('standby');
  await eventually(async () => {
    const { status, body } = await readiness(standby);
    expect(status).toBe(200);
    expect(body).toMatchObject({ usable: true, live: false, role: 'standby' });
  });
  expect((await fetch(`http://127.0.0.1:${standby.adminPort}/readyz?live`)).status).toBe(503);
});
