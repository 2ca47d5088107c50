import { API_PREFIX, type ImportSummary, operations } from '@meldesync/protocol';
import { type Cluster, callHttp, eventually, sampleCsv, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkerApp } from '../src/app.ts';

const ROWS = 10_000;

let cluster: Cluster;
let ada: TestPerson;
let worker: WorkerApp;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  worker = await cluster.addWorker('only');
  ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Sets the level, and waits until the worker works at it. */
async function workAt(level: 'automatic' | 'reduced' | 'minimal', metric: number): Promise<void> {
  await callHttp(cluster, `${API_PREFIX}/operations/level`, { as: ada, method: 'PUT', json: { level } });
  await eventually(async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${worker.adminPort}/metrics`)).text();
    expect(metrics).toMatch(new RegExp(`^meldesync_degradation_level ${metric}$`, 'm'));
  });
}

async function upload(first: number): Promise<() => Promise<ImportSummary>> {
  const api = cluster.api(ada);
  const content = new Blob([sampleCsv(ROWS, first)]);
  const [taken] = await api.uploadImports(cluster.workspace, [{ name: `${first}.csv`, content }]);
  return async () => {
    const found = (await api.imports(cluster.workspace)).find(({ id }) => id === taken?.id);
    if (!found) throw new Error('the import must be listed');
    return found;
  };
}

/** Resolves when the worker has said three more times how it is, which it does every two seconds. */
async function aWhile(): Promise<void> {
  const seen = async () => {
    const answer = await callHttp(cluster, `${API_PREFIX}/operations`, { as: ada });
    return operations.parse(await answer.json()).processes.find(({ kind }) => kind === 'worker')?.seenAt;
  };
  for (let time = 0; time < 3; time++) {
    const before = await seen();
    await eventually(async () => expect(await seen()).not.toBe(before));
  }
}

it('R5.4 imports go slowly at the level reduced, rest at minimal, and go on after', async () => {
  const summary = await upload(1);
  await workAt('reduced', 1);
  await eventually(async () => expect((await summary()).rows.new).toBeGreaterThan(0));
  await workAt('minimal', 2);
  await aWhile();
  const rested = await summary();
  expect(rested.status).toBe('running');
  const readiness = async () => (await fetch(`http://127.0.0.1:${worker.adminPort}/readyz`)).json();
  expect(await readiness()).toMatchObject({ usable: true, rests: true });
  await aWhile();
  expect((await summary()).rows).toEqual(rested.rows);
  await workAt('automatic', 0);
  await eventually(async () => expect(await summary()).toMatchObject({ status: 'finished', rows: { new: ROWS } }));
  expect(await readiness()).toMatchObject({ usable: true, rests: false });
});

it('R5.4 a worker that rests leaves its file to others when it ends', async () => {
  await workAt('minimal', 2);
  const summary = await upload(100_001);
  await aWhile();
  await cluster.end(worker);
  worker = await cluster.addWorker('next');
  await workAt('automatic', 0);
  await eventually(async () => expect(await summary()).toMatchObject({ status: 'finished', rows: { new: ROWS } }));
});
