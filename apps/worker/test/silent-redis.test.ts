import {
  type Cluster,
  eventually,
  type FaultProxy,
  sampleCsv,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkerApp } from '../src/app.ts';
import { startWorkerBehind } from './worker-behind.ts';

let cluster: Cluster;
let wire: FaultProxy;
let worker: WorkerApp;

beforeAll(async () => {
  cluster = await startCluster({ worker: false, nodes: 1 });
  wire = await startFaultProxy({ port: Number(new URL(cluster.redis.url).port) });
  worker = await startWorkerBehind(cluster, { redis: wire });
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
  const before = wire.attempts;
  wire.silence();
  await eventually(async () => {
    const response = await ready();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ usable: false, missing: ['Redis does not answer'] });
  });
  // Each of the worker's connections was made anew, and the new one was silent too.
  await eventually(() => expect(wire.attempts - before).toBeGreaterThan(12));
  const [taken] = await api.uploadImports(cluster.workspace, [{ name: 'test.csv', content: new Blob([sampleCsv(5)]) }]);
  wire.restore();
  await eventually(async () => expect((await ready()).status).toBe(200));
  await eventually(async () =>
    expect(await api.import(cluster.workspace, taken?.id ?? '')).toMatchObject({ status: 'finished' }),
  );
});
