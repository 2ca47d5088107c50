import { randomBytes } from 'node:crypto';
import { createSyncClient } from '@meldesync/client';
import { clientAccess, eventually, startCluster, startFaultProxy, startWitness } from '@meldesync/testkit';
import { expect, it } from 'vitest';

/** A poor mobile line, some 160 kbit/s. */
const LINE_BYTES_PER_SECOND = 20 * 1024;
/** What was missed takes that line longer, as messages, than a client waits for one: over 300 KB. */
const MISSED = 200;
const NOTE_BYTES = 700;

it('R4.2 R4.5 a client on a poor line gets what it missed over the connection it came back with', {
  timeout: 120_000,
}, async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [watched = 0, ...records] = await cluster.addRecords(MISSED + 1);
  const witness = await startWitness(cluster, watched);
  await using line = await startFaultProxy({ port: Number(new URL(cluster.url()).port) });
  const client = createSyncClient({
    ...clientAccess(line.url, anna.token),
    workspace: cluster.workspace,
    client: { kind: 'web', version: 'test' },
  });
  const states: string[] = [];
  client.onConnection(({ name }) => states.push(name));
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));

  line.refuse();
  await eventually(() => expect(client.connection.name).toBe('reconnecting'));
  const notes = records.map(() => randomBytes(NOTE_BYTES).toString('hex'));
  for (const [index, record] of records.entries()) {
    await cluster.sql('update records set note = $2 where id = $1', [record, notes[index]]);
  }
  await witness.seesEdits();
  line.throttle(LINE_BYTES_PER_SECOND);
  line.restore();
  await eventually(() => expect(client.connection.name).toBe('live'), 30_000);
  states.length = 0;
  await eventually(() => expect(records.map((record) => client.store.get(record)?.note)).toEqual(notes), 60_000);
  expect(client.fetching).toBe(0);
  expect(states.filter((state) => state !== 'live')).toEqual([]);
  client.stop();
});
