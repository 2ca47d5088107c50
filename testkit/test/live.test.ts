import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, eventually, startCluster, type TestPerson } from '../src/index.ts';

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  cluster = await startCluster();
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

it('R1.2 an edit through one node reaches a client of the other', async () => {
  const [id = 0] = await cluster.addRecords(1);
  const a = cluster.client(anna, { node: 0 });
  const b = cluster.client(ben, { node: 1 });
  a.start();
  b.start();
  await eventually(() => {
    expect(a.store.get(id)?.version).toBe(1);
    expect(b.store.get(id)?.version).toBe(1);
  });
  const outcomes = await a.edit([{ record: id, baseVersion: 1, set: { note: 'hello' } }]);
  expect(outcomes).toEqual([{ record: id, outcome: 'accepted', version: 2 }]);
  await eventually(() =>
    expect(b.store.get(id)).toMatchObject({ note: 'hello', version: 2, updatedBy: `user:${anna.id}` }),
  );
});

it('R3.4 an UPDATE past the application reaches every client, with the role that made it', async () => {
  const [id = 0] = await cluster.addRecords(1, { first: 100 });
  const a = cluster.client(anna, { node: 1 });
  a.start();
  await eventually(() => expect(a.store.get(id)).toBeDefined());
  await cluster.sql(`update records set note = 'by hand' where id = $1`, [id]);
  await eventually(() =>
    expect(a.store.get(id)).toMatchObject({ note: 'by hand', version: 2, updatedBy: 'db:postgres' }),
  );
});
