import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addOldTrail, sealAll, verify } from './old-trail.ts';

/** Two changes each; a million changes with 500000. */
const DELETED = Number(process.env['RETENTION_RECORDS'] ?? 5_000);
const TIMEOUT_MS = 1_800_000;
/** Nobody who edits waits longer for what retention has locked. */
const LONGEST_LOCK_MS = 100;

let folder: string;
let cluster: Cluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  cluster = await startCluster({
    nodes: 1,
    relay: false,
    worker: false,
    logLevel: 'silent',
    sealIntervalMs: 0,
    retention: {
      policy: {
        operations: null,
        'import-rows': null,
        conflicts: null,
        events: null,
        changes: { count: 120, unit: 'months' },
      },
      archiveFolder: folder,
      lookMs: 100,
    },
  });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Edits a record again and again, and asks meanwhile who waits for a lock on `records`; how long anybody did. */
async function editUntil(record: number, isOver: () => Promise<boolean>): Promise<{ edits: number; lockedMs: number }> {
  let edits = 0;
  let lockedMs = 0;
  const over = new AbortController();
  const edit = async () => {
    for (; !over.signal.aborted; edits++)
      await cluster.sql('update records set done = not done where id = $1', [record]);
  };
  const watch = async () => {
    while (!over.signal.aborted) {
      const [row] = await cluster.sql(
        `select coalesce(max(extract(epoch from clock_timestamp() - waitstart)) * 1000, 0)::float8 as waited,
           (select count(*)::int from pg_locks h join pg_stat_activity a on a.pid = h.pid
             where h.relation = 'records'::regclass and a.application_name like '%-retention' and h.mode <> 'AccessShareLock') as strong
         from pg_locks where relation = 'records'::regclass and not granted`,
      );
      lockedMs = Math.max(lockedMs, Number(row?.['waited']));
      expect(row?.['strong']).toBe(0);
      await sleep(5);
    }
  };
  const running = [edit(), watch()];
  while (!(await isOver())) await sleep(200);
  over.abort();
  await Promise.all(running);
  return { edits, lockedMs };
}

it('R5.5 the history of what is deleted goes while somebody edits, who waits for none of it', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { left } = await addOldTrail(cluster, { deleted: DELETED, events: 0 });
  await sealAll(cluster);
  const size = async () => {
    await cluster.sql('vacuum analyze changes');
    const [row] = await cluster.sql(
      `select pg_total_relation_size('changes')::float8 as bytes, (select count(*)::int from changes) as rows`,
    );
    return { megabytes: Math.round(Number(row?.['bytes']) / 1_048_576), rows: Number(row?.['rows']) };
  };
  const before = await size();
  expect(await verify(cluster)).toMatchObject({ found: 0 });

  await cluster.addWorker('worker');
  const [asked] = await cluster.sql(
    `insert into retention_runs (asked_by, is_dry_run) values ('system', false) returning id`,
  );
  const startedMs = performance.now();
  const finished = async () => {
    const [row] = await cluster.sql('select finished_at, failure, report from retention_runs where id = $1', [
      asked?.['id'],
    ]);
    expect(row?.['failure']).toBeNull();
    return row?.['finished_at'] !== null;
  };
  const { edits, lockedMs } = await editUntil(left[0] ?? 0, finished);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const after = await size();
  expect(before.rows - after.rows + edits).toBe(2 * DELETED);
  expect(lockedMs).toBeLessThanOrEqual(LONGEST_LOCK_MS);
  await sealAll(cluster);
  expect(await verify(cluster)).toMatchObject({ findings: [], cut: 2 * DELETED });
  let archived = 0;
  for (const name of await readdir(folder)) archived += (await stat(join(folder, name))).size;
  console.log(
    JSON.stringify({
      changes: 2 * DELETED,
      seconds,
      edits,
      lockedMs,
      before,
      after,
      archiveMegabytes: Math.round(archived / 1_048_576),
    }),
  );
});
