import { type Cluster, eventually, recordsInPostgres, recordsOf, startCluster } from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

let cluster: Cluster;
afterEach(() => cluster[Symbol.asyncDispose]());

const EDITS = 30;

it('R4.2 R1.1 while Redis has no room at all edits are saved and shown on every screen, each of which stays live', async () => {
  cluster = await startCluster({ worker: false, logLevel: 'silent' });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [record = 0] = await cluster.addRecords(3);
  const screens = [0, 1].map((node) => cluster.client(anna, { node }));
  const left: string[] = [];
  for (const screen of screens) {
    screen.start();
    await eventually(() => expect(screen.connection.name).toBe('live'));
    screen.onConnection(({ name }) => left.push(name));
  }
  const [first, second] = screens;
  await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '1');
  for (let number = 1; number <= EDITS; number++) {
    const baseVersion = first?.store.get(record)?.version ?? 0;
    const outcomes = await first?.edit([{ record, baseVersion, set: { note: `note ${number}` } }]);
    expect(outcomes).toMatchObject([{ outcome: 'accepted' }]);
    await eventually(() => expect(second?.store.get(record)?.note).toBe(`note ${number}`));
    await eventually(() => expect(first?.store.get(record)?.version).toBe(baseVersion + 1));
  }
  expect(left.filter((name) => name !== 'live')).toEqual([]);
  // Who comes now takes a snapshot, and is current as the others are.
  const late = cluster.client(anna, { node: 1 });
  late.start();
  await eventually(async () => {
    const held = await recordsInPostgres(cluster);
    for (const screen of [...screens, late]) expect(recordsOf(screen.store)).toEqual(held);
  });
});
