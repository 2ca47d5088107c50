import {
  eventually,
  openTransaction,
  sampleCsv,
  sampleMeldebestaetigung,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { startWorkerBehind } from './worker-behind.ts';

it('R1.5 R3.1 an import goes on after Postgres fell silent in the middle of its transaction, and something kept that open', async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  await using wire = await startFaultProxy({ port: Number(new URL(cluster.database.ownerUrl).port) });
  await using worker = await startWorkerBehind(cluster, { postgres: wire });
  const ready = async () => (await fetch(`http://127.0.0.1:${worker.adminPort}/readyz`)).status;
  await eventually(async () => expect(await ready()).toBe(200));
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const api = cluster.api(anna);
  // Somebody writes the last record first: the batch has the others, and waits.
  await using blocker = await openTransaction(cluster.database.ownerUrl);
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(20);
  await blocker.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
    cluster.workspace,
    vorgangsnummer,
    ibe,
  ]);
  const [taken] = await api.uploadImports(cluster.workspace, [
    { name: 'test.csv', content: new Blob([sampleCsv(20)]) },
  ]);
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await eventually(async () => expect(await cluster.sql(waiting)).toHaveLength(1));
  wire.silence();
  // Postgres goes on with the batch, and nobody hears of it.
  await blocker.rollback();
  await eventually(async () => expect(await ready()).toBe(503));
  wire.restore();
  await eventually(async () => expect(await ready()).toBe(200));
  await eventually(async () =>
    expect(await api.import(cluster.workspace, taken?.id ?? '')).toMatchObject({
      status: 'finished',
      rows: { new: 20 },
    }),
  );
});
