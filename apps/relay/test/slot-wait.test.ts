import {
  type Cluster,
  eventually,
  openTransaction,
  readStream,
  startCluster,
  startTestPostgres,
  type TestPostgres,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forkRelay } from './relay-process.ts';

const SECRET = 'GEHEIME-NOTIZ';
const WAIT = 'meldesync_relay_slot_wait_seconds';

/** Of its own: every slot on a server waits for every transaction there. */
let postgres: TestPostgres;
let cluster: Cluster;
const WAITING = `select 1 from pg_stat_activity
  where wait_event_type = 'Lock' and query like '%pg_create_logical_replication_slot%'`;

beforeEach(async () => {
  postgres = await startTestPostgres();
  cluster = await startCluster({ worker: false, nodes: 1, relay: false, postgresUrl: postgres.url });
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

it('R1.1 R5.4 a relay that waits for an open transaction, to make its slot, says so and for which, and is not ready', async () => {
  const [id = 0] = await cluster.addRecords(1);
  await using open = await openTransaction(cluster.database.ownerUrl);
  await open.query(`update records set note = '${SECRET}' where id = $1`, [id]);
  const [backend] = await open.query('select pg_backend_pid() as pid');
  await using relay = await forkRelay(cluster, { holdBackMs: 60_000 });
  let waited = 0;
  await eventually(async () => {
    waited = await relay.metric(WAIT);
    expect(waited).toBeGreaterThan(2);
    expect(await cluster.sql(WAITING)).toHaveLength(1);
  });
  // It has looked again since then, and says what it found before it looks once more.
  for (let look = 0; look < 2; look++) {
    await eventually(async () => expect(await relay.metric(WAIT)).toBeGreaterThan(waited));
    waited = await relay.metric(WAIT);
  }
  expect(await relay.ready()).toMatch(/^503 .*waits for open transactions/);
  await open.commit();
  await eventually(async () => expect(await relay.ready()).toMatch(/^200/));
  expect(await relay.metric(WAIT)).toBe(0);
  await cluster.sql(`update records set note = 'after' where id = $1`, [id]);
  await eventually(async () => expect((await readStream(cluster)).length).toBe(1));

  const { code, log } = await relay.end();
  expect(code).toBe(0);
  const said = log.filter(({ msg }) => String(msg).startsWith('the slot waits for transactions'));
  expect(said).toHaveLength(1);
  expect(said[0]?.['transactions']).toEqual([
    {
      pid: backend?.['pid'],
      application: '',
      state: 'idle in transaction',
      openForSeconds: expect.any(Number) as number,
    },
  ]);
  expect(JSON.stringify(log)).not.toContain(SECRET);
});

it('a relay that waits for its slot ends at once', async () => {
  await using open = await openTransaction(cluster.database.ownerUrl);
  await open.query('select pg_current_xact_id()');
  await using relay = await forkRelay(cluster, { holdBackMs: 60_000 });
  await eventually(async () => expect(await relay.metric(WAIT)).toBeGreaterThan(2));
  expect((await relay.end()).code).toBe(0);
  await eventually(async () => {
    const waiting = await cluster.sql(
      `select pid from pg_stat_activity where query like '%pg_create_logical_replication_slot%' and pid <> pg_backend_pid()
       and state = 'active'`,
    );
    expect(waiting).toEqual([]);
  });
});

it('R1.5 a relay that is frozen while it waits for its slot keeps no other one waiting for ever', async () => {
  const open = await openTransaction(cluster.database.ownerUrl);
  await open.query('select pg_current_xact_id()');
  await using relay = await forkRelay(cluster, { holdBackMs: 60_000 });
  await eventually(async () => expect(await relay.metric(WAIT)).toBeGreaterThan(2));
  relay.signal('SIGSTOP');
  const standby = await cluster.addRelay('standby');
  await open.commit();
  await open[Symbol.asyncDispose]();
  await eventually(() => expect(standby.active).toBe(true));
  const [state] = await cluster.sql('select epoch from feed_state');
  relay.signal('SIGCONT');
  await eventually(async () => expect(await relay.ready()).toMatch(/^200/));
  await cluster.addRecords(1);
  await eventually(async () => expect((await readStream(cluster)).length).toBe(1));
  expect(await cluster.sql('select epoch from feed_state')).toEqual([state]);
});
