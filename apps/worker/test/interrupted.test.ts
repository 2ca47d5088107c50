import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ImportSummary } from '@meldesync/protocol';
import {
  type Cluster,
  eventually,
  openTransaction,
  sampleCsv,
  sampleMeldebestaetigung,
  startCluster,
} from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';

const ROWS = 2_600;
/** A file whose job is lost is found after 5 to 10 seconds, and a job may be lost to a connection that is not up yet. */
const PATIENCE_MS = 100_000;

/**
 * Within this time an import goes on whose worker was killed: its lock runs out, and the queue looks for such jobs. Far from the
 * minute that the queue takes by itself.
 */
const RESUMED_MS = 30_000;

/** An import of sample rows, uploaded to a cluster. */
interface Uploaded {
  readonly id: string;
  summary(): Promise<ImportSummary>;
}

async function upload(cluster: Cluster, rows: number): Promise<Uploaded> {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const api = cluster.api(anna);
  const files = [{ name: 'test.csv', content: new Blob([sampleCsv(rows)]) }];
  const [summary] = await api.uploadImports(cluster.workspace, files);
  if (!summary) throw new Error('no import came back');
  return { id: summary.id, summary: () => api.import(cluster.workspace, summary.id) };
}

/** Every row of the file was taken exactly once. */
async function expectFinished(cluster: Cluster, { summary }: Uploaded, rows: number): Promise<void> {
  await eventually(async () => expect(await summary()).toMatchObject({ status: 'finished', progress: 1 }), PATIENCE_MS);
  expect((await summary()).rows).toMatchObject({ new: rows, updated: 0, unchanged: 0, rejected: 0 });
  const [counts] = await cluster.sql(
    `select (select count(*)::int from records) as records, (select count(*)::int from changes) as changes,
            (select count(*)::int from import_chunks) as chunks`,
  );
  expect(counts).toEqual({ records: rows, changes: rows, chunks: 0 });
}

/** Keeps an import from going on: the record of that row is being written by somebody who does not end. */
async function blockRow(cluster: Cluster, number: number) {
  const transaction = await openTransaction(cluster.database.ownerUrl);
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
  await transaction.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
    cluster.workspace,
    vorgangsnummer,
    ibe,
  ]);
  return transaction;
}

/** A worker in a process of its own, which can be killed. */
function spawnWorker({ database, redis, redisPrefix }: Cluster): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL('../../../dist/worker.js', import.meta.url))], {
    env: {
      DATABASE_URL: database.urlAs('worker'),
      REDIS_URL: redis.urlAs('worker'),
      REDIS_PREFIX: redisPrefix,
      NODE_NAME: 'killed',
      LOG_LEVEL: 'error',
    },
    stdio: 'ignore',
  });
}

// Each waits for the sweeper, which takes its time; together they take no longer than one.
describe.concurrent('an import', () => {
  it('R3.1 whose job Redis lost still finishes', async () => {
    await using cluster = await startCluster({ nodes: 1, worker: false });
    const uploaded = await upload(cluster, 20);
    await cluster.redis.command('FLUSHALL');
    await cluster.addWorker('worker');
    await expectFinished(cluster, uploaded, 20);
  });

  it('R2.4 that is cut off goes on elsewhere, and every row counts once', async () => {
    await using cluster = await startCluster({ nodes: 1, worker: false });
    const first = await cluster.addWorker('first');
    await using blocker = await blockRow(cluster, 1_200);
    const uploaded = await upload(cluster, ROWS);
    await eventually(async () => expect((await uploaded.summary()).rows.new).toBe(1_000), PATIENCE_MS);
    const ended = cluster.end(first);
    await blocker.rollback();
    await ended;
    // It ended the batches under way, however many that was before it heard of its end, and left the rest.
    const { status, rows } = await uploaded.summary();
    expect(status).toBe('running');
    expect(rows.new % 500).toBe(0);
    expect(rows.new).toBeGreaterThanOrEqual(1_000);
    expect(rows.new).toBeLessThan(ROWS);
    await cluster.addWorker('second');
    await expectFinished(cluster, uploaded, ROWS);
  });

  it('R2.4 that two workers go on with after Redis lost the job counts every row once', async () => {
    await using cluster = await startCluster({ nodes: 1, worker: false });
    await cluster.addWorker('first');
    await cluster.addWorker('second');
    await using blocker = await blockRow(cluster, 1_200);
    const uploaded = await upload(cluster, ROWS);
    await eventually(async () => expect((await uploaded.summary()).rows.new).toBe(1_000), PATIENCE_MS);
    await cluster.redis.command('FLUSHALL');
    // The sweeper queues it anew, and the other worker waits for the same row.
    await eventually(async () => {
      const [waiting] = await cluster.sql(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(waiting?.['count']).toBe(2);
    });
    await blocker.rollback();
    await expectFinished(cluster, uploaded, ROWS);
  });

  it('R3.1 that is uploaded while Redis is away is worked through when it is back', async () => {
    await using cluster = await startCluster({ nodes: 1, worker: false });
    const worker = await cluster.addWorker('worker');
    await cluster.redis.kill();
    const uploaded = await upload(cluster, 20);
    expect(await uploaded.summary()).toMatchObject({ status: 'queued' });
    // Both ends can stop without it.
    await cluster.end(worker);
    await cluster.end(cluster.nodes[0]);
    await cluster.redis.start();
    await cluster.addWorker('next');
    await eventually(async () => {
      const rows = await cluster.sql('select status from imports where id = $1', [uploaded.id]);
      expect(rows).toEqual([{ status: 'finished' }]);
    }, PATIENCE_MS);
  });
});

// Alone: what it keeps open for long keeps the relays of other clusters from their slots.
describe('an import', () => {
  it('R2.4 whose worker was killed is gone on with soon, again and again, and every row counts once', async () => {
    await using cluster = await startCluster({ nodes: 1, worker: false });
    const uploaded = await upload(cluster, ROWS);
    let killedAt = 0;
    // The queue forgives a job only so many workers that went silent, unless it is told otherwise.
    for (const row of [600, 1_200]) {
      await using blocker = await blockRow(cluster, row);
      const worker = spawnWorker(cluster);
      try {
        await eventually(
          async () => expect((await uploaded.summary()).rows.new).toBe(Math.floor(row / 500) * 500),
          PATIENCE_MS,
        );
      } finally {
        worker.kill('SIGKILL');
        await once(worker, 'exit');
      }
      await blocker.rollback();
      killedAt = Date.now();
    }
    // No worker of its own: the job has the lock of the one that was killed, and nobody else knows of the file.
    await cluster.addWorker('next');
    await expectFinished(cluster, uploaded, ROWS);
    expect(Date.now() - killedAt).toBeLessThan(RESUMED_MS);
  });
});
