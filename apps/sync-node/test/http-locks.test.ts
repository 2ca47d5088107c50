import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX, type LeasedLock, LOCK_TTL_MS, type LockList, type RecordLock } from '@meldesync/protocol';
import {
  callHttp,
  connectRaw,
  eventually,
  expectProblem,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeEach, expect, it } from 'vitest';

const cluster = await startCluster({ nodes: 2, worker: false });
afterAll(() => cluster[Symbol.asyncDispose]());
const { workspace } = cluster;
const [anna, ben, ada, vera] = (await Promise.all(
  (['editor', 'editor', 'admin', 'viewer'] as const).map((role, n) =>
    cluster.addPerson(['Anna', 'Ben', 'Ada', 'Vera'][n] ?? '', { workspace, role }),
  ),
)) as [TestPerson, TestPerson, TestPerson, TestPerson];
const records = await cluster.addRecords(70);
const [first = 0, second = 0] = records;

const path = (below = '') => workspacePath(cluster, `/locks${below}`);
const take = (as: TestPerson, json: unknown) => callHttp(cluster, path(), { as, method: 'POST', json });
const renew = (as: TestPerson, { lock }: { lock: string }) =>
  callHttp(cluster, path(`/${lock}/renewal`), { as, method: 'POST' });
const end = (as: TestPerson, { lock }: { lock: string }) =>
  callHttp(cluster, path(`/${lock}`), { as, method: 'DELETE' });
async function taken(as: TestPerson, json: unknown): Promise<LeasedLock> {
  const response = await take(as, json);
  expect([200, 201]).toContain(response.status);
  return (await response.json()) as LeasedLock;
}
async function list(): Promise<RecordLock[]> {
  return ((await (await callHttp(cluster, path(), { as: vera })).json()) as LockList).locks;
}
const edit = (as: TestPerson, record: number, version: number, note: string) =>
  callHttp(cluster, workspacePath(cluster, `/records/${record}`), {
    as,
    method: 'PATCH',
    headers: { 'if-match': `"${version}"` },
    json: { note },
  });

beforeEach(async () => {
  for (const lock of await list()) await end(ada, lock);
});

it('R1.4 R2.3 is taken, keeps others out, is listed, renewed and given back', async () => {
  const response = await take(anna, { records: [second, first], instance: 'run-of-anna' });
  expect(response.status).toBe(201);
  const lock = (await response.json()) as LeasedLock;
  expect(response.headers.get('location')).toBe(`${API_PREFIX}/workspaces/${workspace}/locks/${lock.lock}`);
  expect(lock).toMatchObject({
    records: [first, second],
    user: anna.id,
    instance: 'run-of-anna',
    endsInMs: LOCK_TTL_MS,
    versions: [
      { record: first, version: 1 },
      { record: second, version: 1 },
    ],
  });
  const { lock: id } = lock;
  expect(await list()).toMatchObject([{ lock: id, user: anna.id, endsInMs: null }]);
  const alone = await callHttp(cluster, response.headers.get('location') ?? '', { as: vera });
  expect(await alone.json()).toMatchObject({ lock: id });

  const refused = await expectProblem(await take(ben, { records: [second] }), 'record-locked');
  expect(refused.lock).toMatchObject({ lock: id, user: anna.id });
  await expectProblem(await edit(ben, first, 1, 'not now'), 'record-locked');
  expect((await edit(anna, first, 1, 'mine')).status).toBe(200);

  const renewed = (await (await renew(anna, lock)).json()) as LeasedLock;
  expect(renewed).toMatchObject({ lock: id, endsInMs: LOCK_TTL_MS, versions: [{ version: 2 }, { version: 1 }] });
  expect((await end(anna, lock)).status).toBe(204);
  await expectProblem(await renew(anna, lock), 'lock-not-found');
  expect((await edit(ben, second, 1, 'now')).status).toBe(200);
});

it('R2.3 the same client that asks again has the same lock; another of the same person takes it over', async () => {
  const request = { records: [first], instance: 'run-of-anna' };
  const lock = await taken(anna, request);
  const again = await take(anna, request);
  expect([again.status, ((await again.json()) as LeasedLock).lock]).toEqual([200, lock.lock]);
  const other = await taken(anna, { records: [first] });
  expect(other.lock).not.toBe(lock.lock);
  await expectProblem(await renew(anna, lock), 'lock-not-found');
  expect((await list()).map((one) => one.lock)).toEqual([other.lock]);
});

it('R2.3 lives on while it is renewed, at whichever node, and ends when it is not', { timeout: 60_000 }, async () => {
  const lock = await taken(anna, { records: [first] });
  const lapsing = await taken(anna, { records: [second] });
  const watching = await connectRaw(cluster.url(1), { token: ben.token });
  watching.send({ type: 'hello', workspace, client: { kind: 'web', version: 'test' } });
  await watching.next('welcome');
  for (let spent = 0; spent < LOCK_TTL_MS + 4_000; spent += 4_000) {
    const response = await fetch(`${cluster.url(1)}${path(`/${lock.lock}/renewal`)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${anna.token}` },
    });
    expect(response.status).toBe(200);
    await sleep(4_000);
  }
  expect((await list()).map((one) => one.lock)).toEqual([lock.lock]);
  await expectProblem(await renew(anna, lapsing), 'lock-not-found');
  await expectProblem(await edit(ben, first, 1, 'not now'), 'record-locked');
  expect((await take(ben, { records: [second] })).status).toBe(201);
  await watching[Symbol.asyncDispose]();
});

it('R2.1 what was written after a lock has ended is not overwritten by who held it', async () => {
  const lock = await taken(anna, { records: [first] });
  const version = lock.versions[0]?.version ?? 0;
  await end(ada, lock);
  const theirs = await taken(ben, { records: [first] });
  expect((await edit(ben, first, version, 'in between')).status).toBe(200);
  await end(ben, theirs);
  await expectProblem(await edit(anna, first, version, 'late'), 'version-conflict');
});

it('R1.4 is for editors, of records of the workspace, and renewed by nobody but its holder', async () => {
  await expectProblem(await take(vera, { records: [first] }), 'forbidden');
  await expectProblem(await take(anna, { records: [999_999] }), 'record-not-found');
  await expectProblem(await take(anna, { records: [] }), 'invalid-field');
  await expectProblem(await take(anna, { records: Array(21).fill(first) }), 'invalid-field');
  const lock = await taken(anna, { records: [first] });
  await expectProblem(await renew(ben, lock), 'forbidden');
  await expectProblem(await renew(ada, lock), 'forbidden');
  await expectProblem(await end(ben, lock), 'forbidden');
  expect((await end(ada, lock)).status).toBe(204);
});

it('R1.4 nobody locks everything', async () => {
  for (const record of records.slice(0, 20)) expect((await take(anna, { records: [record] })).status).toBe(201);
  const refused = await take(anna, { records: records.slice(30, 31) });
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  await expectProblem(refused, 'too-many-locks');
  expect((await take(ben, { records: records.slice(30, 50) })).status).toBe(201);
  expect((await take(ben, { records: records.slice(50, 70) })).status).toBe(201);
  expect((await take(ben, { records: records.slice(20, 30) })).status).toBe(201);
  await expectProblem(await take(ben, { records: records.slice(69, 70).concat(records.slice(0, 1)) }), 'record-locked');
});

it('R5.1 whoever took and gave it back is on record', async () => {
  const lock = await taken(anna, { records: [first] });
  await end(anna, lock);
  await eventually(async () => {
    const entries = await cluster.sql('select kind, actor from events where subject = $1 order by id', [
      `lock:${lock.lock}`,
    ]);
    expect(entries).toEqual([
      { kind: 'lock-taken', actor: `user:${anna.id}` },
      { kind: 'lock-released', actor: `user:${anna.id}` },
    ]);
  });
});
