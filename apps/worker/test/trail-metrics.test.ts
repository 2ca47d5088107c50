import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCheckpointSigner } from '@meldesync/audit';
import { type Cluster, eventually, metricOf, startCluster } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

let folder: string;
let cluster: Cluster;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-metrics-'));
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const HOUR_S = 3_600;

/** Whoever does it has lost its connection, and may be anybody next. */
async function dropConnections(job: 'seal' | 'retention'): Promise<void> {
  await cluster.sql('select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1', [
    `%-${job}`,
  ]);
}

describe('what a worker measures of the trail', () => {
  it('R5.4 rounds rise without anything to seal, and seals that nobody signs grow old', async () => {
    cluster = await startCluster({ nodes: 1, relay: false, worker: false, sealIntervalMs: 20, logLevel: 'silent' });
    const worker = await cluster.addWorker('worker');
    await eventually(async () => expect(await metricOf(worker, 'meldesync_seal_active')).toBe(1));
    const rounds = await metricOf(worker, 'meldesync_seal_rounds_total');
    await eventually(async () =>
      expect(await metricOf(worker, 'meldesync_seal_rounds_total')).toBeGreaterThan(rounds + 2),
    );
    await cluster.addRecords(2);
    await eventually(async () =>
      expect(await metricOf(worker, 'meldesync_seal_unsigned_seconds')).toBeGreaterThan(0.2),
    );
    // Without the right to seal no round works, whoever holds the lock.
    await cluster.sql('revoke execute on function meldesync_seal(integer) from meldesync_worker');
    await eventually(async () => {
      const before = await metricOf(worker, 'meldesync_seal_rounds_total');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await metricOf(worker, 'meldesync_seal_rounds_total')).toBe(before);
    });
    await eventually(async () => expect(await metricOf(worker, 'meldesync_seal_unsigned_seconds')).toBe(0));
  });

  it('R5.4 what is signed is not old, until the file takes no more', async () => {
    cluster = await startCluster({
      nodes: 1,
      relay: false,
      worker: false,
      sealIntervalMs: 20,
      logLevel: 'silent',
      checkpoints: { signer: createCheckpointSigner(pem), intervalMs: 0, file: join(folder, 'gone', 'checkpoints') },
    });
    await cluster.addRecords(1);
    const worker = await cluster.addWorker('worker');
    const failed = { to: 'file', outcome: 'failed' };
    await eventually(async () =>
      expect(await metricOf(worker, 'meldesync_checkpoints_total', failed)).toBeGreaterThan(1),
    );
    await eventually(async () => expect(await metricOf(worker, 'meldesync_seal_unsigned_seconds')).toBeGreaterThan(0));
  });

  it('R5.4 runs that fail, kinds that stay and erasures that are open are told by the worker that sees to them alone', async () => {
    cluster = await startCluster({
      nodes: 1,
      worker: false,
      sealIntervalMs: 20,
      logLevel: 'silent',
      retention: {
        policy: {
          operations: null,
          'import-rows': null,
          conflicts: null,
          events: null,
          changes: { count: 120, unit: 'months' },
        },
        lookMs: 50,
      },
    });
    const workers = [await cluster.addWorker('worker-1'), await cluster.addWorker('worker-2')] as const;
    const told = async (name: string, labels?: Record<string, string>) =>
      Promise.all(workers.map((worker) => metricOf(worker, name, labels)));
    await eventually(async () => expect(new Set(await told('meldesync_retention_active'))).toEqual(new Set([0, 1])));

    const ran = (failure: string | null) =>
      cluster.sql(
        `insert into retention_runs (asked_by, is_dry_run, started_at, finished_at, failure) values ('system', false, now(), now(), $1)`,
        [failure],
      );
    await ran(null);
    await ran('ENOSPC');
    await ran('ENOSPC');
    await eventually(async () => expect(Math.max(...(await told('meldesync_retention_failed')))).toBe(2));
    await ran(null);
    await eventually(async () => expect(await told('meldesync_retention_failed')).toEqual([0, 0]));

    // Nothing keeps what would go.
    await cluster.sql(
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
       select $1, 1000001, version, op, '{}', '{}', 'user:anna', 'web', now() - interval '11 years' from (values (1, 'insert'), (2, 'delete')) kind (version, op)`,
      [cluster.workspace],
    );
    const held = { reason: 'not-archived' };
    await eventually(async () => {
      await cluster.sql(`insert into retention_runs (asked_by, is_dry_run) values ('system', false)`);
      expect(Math.max(...(await told('meldesync_retention_held', held)))).toBe(1);
    });
    expect(Math.max(...(await told('meldesync_retention_held', { reason: 'busy' })))).toBe(0);

    // The relay never confirms that much.
    await cluster.sql(
      `insert into erasures (workspace_id, event, records, log_end, salt, hashes, at)
       values ($1, 1, '{}', '9223372036854775807', '\\x00', '{}', now() - interval '1 hour')`,
      [cluster.workspace],
    );
    const open = () => told('meldesync_erasure_open_seconds');
    await eventually(async () => expect(Math.max(...(await open()))).toBeGreaterThanOrEqual(HOUR_S));
    // Which of them it was says nothing any more once the other one does it.
    const [one] = await told('meldesync_retention_active');
    const before = one === 1 ? 0 : 1;
    await eventually(async () => {
      if ((await told('meldesync_retention_active'))[before] === 1) await dropConnections('retention');
      const active = await told('meldesync_retention_active');
      expect(active[before]).toBe(0);
      expect(active[1 - before]).toBe(1);
    }, 60_000);
    await eventually(async () => {
      const ages = await open();
      expect(ages[before]).toBe(0);
      expect(ages[1 - before]).toBeGreaterThanOrEqual(HOUR_S);
    });
  }, 120_000);
});
