import { setTimeout as sleep } from 'node:timers/promises';
import { type SyncClient, SyncError } from '@meldesync/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Cluster,
  changesOf,
  eventually,
  readStream,
  sampleCsv,
  startCluster,
  startEditors,
  type TestPerson,
} from '../src/index.ts';

const ROUNDS = 12;
const RECORDS = 20;
/** Recovering takes its pauses: a relay that failed tries again after a second, and so does a client. */
const PATIENCE_MS = 60_000;

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;
let clients: SyncClient[];
let records: number[];

/** What would have ended a process. All parts of the cluster run in this one, so nothing of it stays unheard. */
const fatal: unknown[] = [];
const note = (error: unknown) => fatal.push(error);

beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  process.on('unhandledRejection', note);
  cluster = await startCluster({ logLevel: 'silent' });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
  records = await cluster.addRecords(RECORDS);
  clients = [0, 1, 0, 1].map((node) => cluster.client(node === 0 ? anna : ben, { node }));
  for (const client of clients) client.start();
  await converged();
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  process.off('uncaughtExceptionMonitor', note);
  process.off('unhandledRejection', note);
  expect(fatal).toEqual([]);
});
beforeEach(() => {
  fatal.length = 0;
});

/** Ends every connection of the cluster to Postgres, whatever is under way on it: what a failover does. */
async function breakPostgres(): Promise<number> {
  const ended = await cluster.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'meldesync-%'`,
  );
  return ended.length;
}

/** Ends every connection to Redis: of the relay, the nodes, their subscriptions and locks, and of the queue. */
async function breakRedis(): Promise<void> {
  for (const type of ['normal', 'pubsub']) await cluster.redis.command('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
}

/** Everybody is live and shows what the database holds. */
async function converged(): Promise<void> {
  await eventually(async () => {
    const rows = await cluster.sql('select id, version, note from records where workspace_id = $1', [
      cluster.workspace,
    ]);
    for (const client of clients) {
      expect(client.connection.name).toBe('live');
      for (const row of rows)
        expect(client.store.get(Number(row['id']))).toMatchObject({ version: row['version'], note: row['note'] });
    }
  }, PATIENCE_MS);
}

/** Edits over HTTP as a script would: the same request again while the answer says that this may help. */
async function editOverHttp(person: TestPerson, record: number, note: string): Promise<void> {
  const api = cluster.api(person);
  const persistently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof SyncError) || error.code !== 'unavailable') throw error;
      }
      await sleep(20);
    }
  };
  const { version } = await persistently(() => api.record(cluster.workspace, record));
  const request = { operation: crypto.randomUUID(), items: [{ record, baseVersion: version, set: { note } }] };
  const [outcome] = await persistently(() => api.edit(cluster.workspace, request));
  expect(outcome?.outcome).toBe('accepted');
}

it('R1.1 R1.5 all connections break again and again while people save: nothing ends, every save is answered', async () => {
  const editors = startEditors(clients, records.slice(0, -1), 1);
  const scripted = records.at(-1) ?? 0;
  const upload = await cluster
    .api(anna)
    .uploadImports(cluster.workspace, [{ name: 'a.csv', content: new Blob([sampleCsv(3_000, 1_000)]) }]);
  for (let round = 1; round <= ROUNDS; round++) {
    const before = editors.accepted;
    // A moment of its own each time, so that connections break at every stage of what is under way.
    await sleep(round * 7);
    expect(await breakPostgres()).toBeGreaterThan(0);
    if (round % 2 === 0) await breakRedis();
    await editOverHttp(ben, scripted, `round ${round}`);
    await eventually(() => expect(editors.accepted).toBeGreaterThan(before + 4), PATIENCE_MS);
  }
  await editors.stop();
  await eventually(async () => {
    const { status, rows } = await cluster.api(anna).import(cluster.workspace, upload[0]?.id ?? '');
    expect({ status, new: rows.new }).toEqual({ status: 'finished', new: 3_000 });
  }, PATIENCE_MS);
  await converged();
  expect(fatal).toEqual([]);
  // The stream has each change of the audit trail once.
  await eventually(async () => {
    const rows = await cluster.sql('select txid, record_id, version from changes where workspace_id = $1', [
      cluster.workspace,
    ]);
    const kept = rows.map((row) => `${String(row['txid'])}:${String(row['record_id'])}@${String(row['version'])}`);
    expect(changesOf(await readStream(cluster)).toSorted()).toEqual(kept.toSorted());
  }, PATIENCE_MS);
}, 300_000);

it('P6 who loses access while nobody listens for it is sent away once the nodes listen again', async () => {
  const carla = await cluster.addPerson('Carla', { workspace: cluster.workspace, role: 'viewer' });
  const client = cluster.client(carla);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  // In one transaction: when the removal is committed, the connections that would hear of it are gone.
  await cluster.sql(
    `with ended as materialized (
       select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where datname = current_database() and application_name = 'meldesync-access')
     delete from members where user_id = $1 and (select count(*) from ended) > 0`,
    [carla.id],
  );
  await eventually(() => expect(client.connection.name).toBe('refused'));
  await converged();
  expect(fatal).toEqual([]);
});
