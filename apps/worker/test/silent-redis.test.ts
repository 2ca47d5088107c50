import {
  type Cluster,
  eventually,
  type FaultProxy,
  sampleCsv,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorker, type WorkerApp } from '../src/app.ts';

let cluster: Cluster;
let wire: FaultProxy;
let worker: WorkerApp;

beforeAll(async () => {
  cluster = await startCluster({ worker: false, nodes: 1 });
  wire = await startFaultProxy({ port: Number(new URL(cluster.redis.url).port) });
  worker = await startWorker({
    databaseUrl: cluster.database.appUrl,
    redisUrl: `redis://127.0.0.1:${wire.port}`,
    redisPrefix: cluster.redisPrefix,
    name: 'behind the wire',
    adminPort: 0,
    logLevel: 'silent',
    logFormat: 'json',
    importConcurrency: 2,
    sweepIntervalMs: 20_000,
    importLimits: { maxRejectedRows: 1_000, maxWarnedRows: 10_000 },
  });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await wire[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const ready = async () => fetch(`http://127.0.0.1:${worker.adminPort}/readyz`);

it('R1.5 a worker is not ready while Redis is silent, and works on by itself after', async () => {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const api = cluster.api(anna);
  await eventually(async () => expect((await ready()).status).toBe(200));
  wire.silence();
  await eventually(async () => {
    const response = await ready();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ usable: false, missing: ['Redis does not answer'] });
  });
  const [taken] = await api.uploadImports(cluster.workspace, [{ name: 'test.csv', content: new Blob([sampleCsv(5)]) }]);
  wire.restore();
  await eventually(async () => expect((await ready()).status).toBe(200));
  await eventually(async () =>
    expect(await api.import(cluster.workspace, taken?.id ?? '')).toMatchObject({ status: 'finished' }),
  );
});
