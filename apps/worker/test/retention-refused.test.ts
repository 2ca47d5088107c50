import { access, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '@meldesync/db';
import { createLogger } from '@meldesync/telemetry';
import { type Cluster, eventually, openTransaction, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorker } from '../src/app.ts';
import { keepPartitions } from '../src/jobs/retention/keep-partitions.ts';
import { addOldTrail, sealAll, verify } from './old-trail.ts';

const DAY_MS = 24 * 60 * 60_000;
const LONGER_THAN_A_RETRY_MS = 60_000;

let folder: string;
let archive: string;
let cluster: Cluster;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  archive = join(folder, 'mount', 'archive');
  cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent' });
});
beforeEach(() => void lines.splice(0));
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A worker that lets nothing go unless somebody asks. */
const openWorker = () =>
  startWorker(
    {
      databaseUrl: cluster.database.urlAs('worker'),
      redisUrl: cluster.redis.url,
      redisPrefix: cluster.redisPrefix,
      name: 'worker',
      adminPort: 0,
      logLevel: 'info',
      logFormat: 'json',
      importConcurrency: 1,
      sweepIntervalMs: 20_000,
      sealIntervalMs: 50,
      importLimits: { maxRejectedRows: 1_000, maxWarnedRows: 10_000 },
      retention: {
        policy: {
          operations: { count: 60, unit: 'days' },
          'import-rows': null,
          conflicts: null,
          events: { count: 48, unit: 'months' },
          changes: { count: 120, unit: 'months' },
        },
        archiveFolder: archive,
        mayDropUnarchived: false,
        everyHours: 0,
        lookMs: 50,
      },
    },
    createLogger({
      name: 'worker',
      level: 'info',
      format: 'json',
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
  );
const run = async (isDryRun: boolean): Promise<Record<string, unknown>> => {
  const [asked] = await cluster.sql(
    `insert into retention_runs (asked_by, is_dry_run) values ('user:anna', $1) returning id::int`,
    [isDryRun],
  );
  let ended: Record<string, unknown> = {};
  await eventually(async () => {
    const [row] = await cluster.sql(
      'select id::int, failure from retention_runs where id = $1 and finished_at is not null',
      [asked?.['id']],
    );
    if (!row) throw new Error('the run goes on');
    ended = row;
  }, 30_000);
  return ended;
};
const told = (event: string) => lines.filter((line) => line['event'] === event);
/** The partition of the next month is not there, and something of it is. */
const missNextMonth = async (): Promise<string> => {
  const [month] = await cluster.sql(
    `select to_char((now() at time zone 'UTC') + interval '1 month', 'YYYY_MM') as name`,
  );
  const partition = `events_${String(month?.['name'])}`;
  await cluster.sql(`drop table ${partition}`);
  await cluster.sql(
    `insert into events (at, kind, actor) values (date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '1 month', 'sign-in', 'user:anna')`,
  );
  return partition;
};
const placesOf = () =>
  cluster.sql(`select tableoid::regclass::text as place from events where kind = 'sign-in' order by 1`);

describe('retention', () => {
  it('R5.5 has partitions made when a worker starts, with what was in none, though nobody asks for a run', async () => {
    const partition = await missNextMonth();
    await sealAll(cluster);
    expect(await placesOf()).toEqual([{ place: 'events_default' }]);
    await using _worker = await openWorker();
    await eventually(async () => expect(await placesOf()).toEqual([{ place: partition }]));
    await eventually(async () => expect(told('partitions-made')).toMatchObject([{ table: 'events', count: 1 }]));
    await sealAll(cluster);
    expect(await verify(cluster)).toMatchObject({ findings: [] });
    expect(await run(false)).toMatchObject({ failure: null });
  });

  it('R5.5 makes them daily, and later where a table is not free', async () => {
    await using database = connectDatabase({
      url: cluster.database.urlAs('worker'),
      maxConnections: 1,
      applicationName: 'test-partitions',
      onConnectionError: () => undefined,
    });
    let atMs = 0;
    const heard: unknown[] = [];
    const write = (line: string) => void heard.push((JSON.parse(line) as Record<string, unknown>)['event']);
    const logger = createLogger({ name: 'worker', level: 'info', format: 'json', write });
    const look = keepPartitions({ database, logger, now: () => atMs });
    await look();
    const partition = await missNextMonth();
    atMs += DAY_MS - 1;
    await look();
    expect(await placesOf()).toContainEqual({ place: 'events_default' });
    atMs += 1;
    await using reading = await openTransaction(cluster.database.ownerUrl);
    await reading.query('select count(*) from events');
    await look();
    expect(heard).toEqual(['partitions-postponed']);
    await reading.rollback();
    atMs += LONGER_THAN_A_RETRY_MS;
    await look();
    expect(heard).toEqual(['partitions-postponed', 'partitions-made']);
    expect(await placesOf()).toEqual([{ place: partition }]);
  });

  it('R5.5 makes no folder that is missing: what is over its time stays, and an erasure open', async () => {
    await addOldTrail(cluster, { deleted: 4, events: 4 });
    await sealAll(cluster);
    const left = async () => {
      const [row] = await cluster.sql(
        `select (select count(*)::int from changes where record_id > 1000000) as changes, (select count(*)::int from events where kind = 'lock-taken') as events`,
      );
      return row;
    };
    await cluster.sql(
      `insert into erasures (workspace_id, event, records, log_end, salt, hashes) values ($1, 1, '{}', '0', '\\x00', '{}')`,
      [cluster.workspace],
    );
    const isErased = async () => {
      const [row] = await cluster.sql('select archives_done_at is not null as done from erasures');
      return row?.['done'];
    };
    await using _worker = await openWorker();
    expect(await run(false)).toMatchObject({ failure: 'ENOENT' });
    expect(told('retention-failed')).toMatchObject([{ err: { code: 'ENOENT' } }]);
    await expect(access(join(folder, 'mount'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await left()).toEqual({ changes: 8, events: 4 });
    expect(await isErased()).toBe(false);
    expect(told('erasure-unfinished').length).toBeGreaterThan(0);

    await mkdir(archive, { recursive: true });
    expect(await run(false)).toMatchObject({ failure: null });
    expect(await readdir(archive)).toHaveLength(2);
    expect(await left()).toEqual({ changes: 0, events: 0 });
    await eventually(async () => expect(await isErased()).toBe(true));
  });

  it('R5.3 tells of each run, however soon it follows on another one', async () => {
    await mkdir(archive, { recursive: true });
    await using _worker = await openWorker();
    const runs = [await run(true), await run(false), await run(false)].map(({ id }) => id);
    await eventually(async () =>
      expect(told('retention-ran').map((line) => [line['run'], line['isDryRun']])).toEqual([
        [runs[0], true],
        [runs[1], false],
        [runs[2], false],
      ]),
    );
  });

  it('R5.3 names what Postgres refuses by its code, and nothing of what it says', async () => {
    await cluster.sql(
      `insert into edit_operations (workspace_id, operation, user_id, items, outcomes, at)
       values ($1, 'long-ago', 'anna', '[]', '[]', now() - interval '90 days')`,
      [cluster.workspace],
    );
    const cut = 'function meldesync_cut_operations(bigint, timestamptz, integer)';
    await cluster.sql(`revoke execute on ${cut} from meldesync_worker`);
    await using _worker = await openWorker();
    expect(await run(false)).toMatchObject({ failure: 'SQLSTATE 42501' });
    await cluster.sql(`grant execute on ${cut} to meldesync_worker`);
    expect(await run(false)).toMatchObject({ failure: null });
  });
});
