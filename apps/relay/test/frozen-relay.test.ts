import {
  type Cluster,
  type CommitLog,
  changesOf,
  eventually,
  metricOf,
  readStream,
  recordsInPostgres,
  recordsOf,
  runSql,
  startCluster,
  startCommitLog,
  startTestPostgres,
  type TestPostgres,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Relay } from '../src/app.ts';
import { forkRelay, type RelayProcess } from './relay-process.ts';

/** Short, so that a relay that wakes up has something to confirm at once. */
const HOLD_BACK_MS = 1_000;

/** Of its own: every slot on a server waits for every transaction there, and other tests keep some open for long. */
let postgres: TestPostgres;
let cluster: Cluster;
let log: CommitLog;
let frozen: RelayProcess;

beforeEach(async () => {
  postgres = await startTestPostgres();
  // By itself it would never let the slot go.
  await runSql(postgres.url, 'alter system set wal_sender_timeout = 0');
  await runSql(postgres.url, 'select pg_reload_conf()');
  cluster = await startCluster({
    worker: false,
    nodes: 1,
    relay: false,
    holdBackMs: HOLD_BACK_MS,
    postgresUrl: postgres.url,
  });
  log = await startCommitLog(cluster);
  frozen = await forkRelay(cluster, { holdBackMs: HOLD_BACK_MS });
  await eventually(async () => expect(await frozen.metric('meldesync_relay_active')).toBe(1));
});
afterEach(async () => {
  await frozen[Symbol.asyncDispose]();
  await log[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

/** How often a relay has begun to read the log. */
const passesOf = (relay: Relay) => metricOf(relay, 'meldesync_relay_passes_total');

it('R1.1 R1.5 a standby takes over from a relay that is frozen, which writes nothing when it wakes up', async () => {
  const records = await cluster.addRecords(5);
  const client = cluster.client(await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' }));
  client.start();
  await eventually(() => expect(client.store.size).toBe(5));
  // Whatever anybody confirms is written down, to see that it never goes back.
  await cluster.sql('create table confirmed (id bigint generated always as identity, lsn numeric)');
  await cluster.sql(`create function note_confirmed() returns trigger language plpgsql as
    $$ begin insert into confirmed (lsn) values (new.confirmed_lsn::numeric); return null; end $$`);
  await cluster.sql('grant insert on confirmed to meldesync_relay');
  await cluster.sql('create trigger note after update on feed_state for each row execute function note_confirmed()');
  const standby = await cluster.addRelay('standby');
  await cluster.sql('update records set note = $1', ['before']);

  frozen.signal('SIGSTOP');
  await cluster.sql('update records set note = $1', ['while it is frozen']);
  await eventually(() => expect(standby.active).toBe(true), 120_000);
  await eventually(async () => expect(recordsOf(client.store)).toEqual(await recordsInPostgres(cluster)));
  await cluster.sql('update records set note = $1', ['after the takeover']);
  // Until more has been confirmed than the frozen one knows.
  const [before] = await cluster.sql('select count(*)::int as times from confirmed');
  await eventually(async () => {
    const [now] = await cluster.sql('select count(*)::int as times from confirmed');
    expect(Number(now?.['times'])).toBeGreaterThan(Number(before?.['times']) + 3);
  });

  const passes = await passesOf(standby);
  frozen.signal('SIGCONT');
  await eventually(async () => expect(await frozen.metric('meldesync_relay_active')).toBe(0));
  for (const id of records) await cluster.sql('update records set note = $1 where id = $2', ['it is awake', id]);
  await eventually(async () => expect(recordsOf(client.store)).toEqual(await recordsInPostgres(cluster)));
  const committed = await log.changes();
  await eventually(async () => expect(changesOf(await readStream(cluster))).toEqual(committed));
  // Which takes longer than the second after which the active one looks at its marker again.
  await eventually(async () => expect(await frozen.ready()).toMatch(/^200 .*"role":"standby"/));
  // Its marker would have told the active one that Redis lost entries.
  expect(await passesOf(standby)).toBe(passes);
  expect(standby.active).toBe(true);
  const back = await cluster.sql(
    'select * from (select lsn, lag(lsn) over (order by id) as before from confirmed) as moves where lsn < before',
  );
  expect(back).toEqual([]);
});
