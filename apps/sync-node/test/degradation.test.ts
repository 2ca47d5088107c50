import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SyncClient } from '@meldesync/client';
import { API_PREFIX, type LevelCause, type Operations, operations, type UpMessage } from '@meldesync/protocol';
import {
  type Cluster,
  type ClusterOptions,
  callHttp,
  connectRaw,
  eventually,
  type FaultProxy,
  levelFrom,
  openTransaction,
  type RawSocket,
  startCluster,
  startFaultProxy,
  type TestPerson,
} from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const LEVEL = `${API_PREFIX}/operations/level`;
/** Two nodes: what is made slow at the second one is looked at through the first. */
const SLOWED = 1;

const cleanups: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface SetUp {
  readonly cluster: Cluster;
  readonly ada: TestPerson;
  readonly ben: TestPerson;
  readonly records: number[];
}

/** A cluster with an admin, an editor and three records. */
async function setUp(options: ClusterOptions): Promise<SetUp> {
  const cluster = await startCluster({ worker: false, logLevel: 'silent', ...options });
  cleanups.push(() => cluster[Symbol.asyncDispose]());
  const ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
  const ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
  return { cluster, ada, ben, records: await cluster.addRecords(3) };
}

async function wireTo(url: string): Promise<{ wire: FaultProxy; url: string }> {
  const wire = await startFaultProxy({ port: Number(new URL(url).port) });
  cleanups.push(() => wire[Symbol.asyncDispose]());
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(wire.port);
  return { wire, url: changed.href };
}

/** The second node is behind a wire to Postgres. */
function behindPostgres(): { options: Pick<ClusterOptions, 'serversOfNode'>; wire: () => FaultProxy } {
  let made: FaultProxy | undefined;
  return {
    options: {
      serversOfNode: async (own, node) => {
        if (node !== SLOWED) return own;
        const { wire, url } = await wireTo(own.databaseUrl);
        made = wire;
        return { ...own, databaseUrl: url };
      },
    },
    wire: () => {
      if (!made) throw new Error('the node has not been started');
      return made;
    },
  };
}

async function levelOf(cluster: Cluster, ada: TestPerson): Promise<Operations['level']> {
  const response = await callHttp(cluster, `${API_PREFIX}/operations`, { as: ada });
  return operations.parse(await response.json()).level;
}

async function expectLevel(
  { cluster, ada }: { cluster: Cluster; ada: TestPerson },
  name: Operations['level']['name'],
  cause?: LevelCause,
): Promise<void> {
  await eventually(async () => {
    const level = await levelOf(cluster, ada);
    expect(level).toMatchObject({ name, chosenBy: 'measured' });
    if (cause !== undefined) expect(level.reasons).toMatchObject([{ cause }]);
  });
}

async function setLevel(cluster: Cluster, ada: TestPerson, level: string): Promise<void> {
  const response = await callHttp(cluster, LEVEL, { as: ada, method: 'PUT', json: { level } });
  expect(response.status).toBe(204);
}

/** A client of the second node that is live, without a library behind it. */
async function rawClient(cluster: Cluster, person: TestPerson): Promise<RawSocket> {
  const witness = await liveClient(cluster, person);
  const cursor = witness.cursor ?? '';
  witness.stop();
  const socket = await connectRaw(cluster.url(SLOWED), { token: person.token });
  cleanups.push(() => socket[Symbol.asyncDispose]());
  socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
  await socket.next('welcome');
  socket.send({ type: 'subscribe', cursor });
  await socket.next('subscribed');
  return socket;
}

async function liveClient(cluster: Cluster, person: TestPerson, node = 0): Promise<SyncClient> {
  const client = cluster.client(person, { node });
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  await eventually(() => expect(client.cursor).not.toBeNull());
  return client;
}

/** Does something again and again, one after the other, until it is ended. */
function repeatedly(act: () => Promise<unknown>): () => Promise<void> {
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) await act();
  })();
  const end = async () => {
    ending.abort();
    await running;
  };
  cleanups.push(end);
  return end;
}

/** Between edits that are answered at once. */
const PACE_MS = 100;

let operation = 0;
function editOf(record: number, baseVersion: number): Extract<UpMessage, { type: 'edit' }> {
  operation += 1;
  return {
    type: 'edit',
    operation: `operation-${operation}`,
    items: [{ record, baseVersion, set: { note: `${operation}` } }],
  };
}

/** Several edit again and again, each once they were answered: of one alone nobody believes that all are slow. Ends it. */
function editAgain(
  { records }: SetUp,
  sockets: readonly RawSocket[],
  answered: (socket: RawSocket) => Promise<unknown>,
): () => Promise<void> {
  const ends = sockets.map((socket, index) =>
    repeatedly(async () => {
      // Which version it is based on is all the same: a conflict takes as long as an edit.
      socket.send(editOf(records[index] ?? 0, 1));
      await answered(socket);
      // What is answered at once would be more than a connection may send (4529).
      await sleep(PACE_MS);
    }),
  );
  return async () => {
    await Promise.all(ends.map((end) => end()));
  };
}

it('R5.4 edits that are answered late raise the level; it falls once they are quick again', async () => {
  const line = behindPostgres();
  const set = await setUp({ ...line.options, degradation: { limits: { latencyMs: levelFrom('reduced', 600) } } });
  const sockets = await Promise.all([set.ada, set.ben].map((person) => rawClient(set.cluster, person)));
  editAgain(set, sockets, (socket) => socket.next('edited'));
  await expectLevel(set, 'normal');
  line.wire().lag({ delayMs: 80, lossShare: 0, resendMs: 0 });
  await expectLevel(set, 'reduced', 'latency');
  line.wire().lag(null);
  await expectLevel(set, 'normal');
});

it('R5.4 R4.5 when requests wait for connections, clients get changes one tier slower, and at once again after', async () => {
  const set = await setUp({ degradation: { limits: { poolWaiting: levelFrom('minimal', 20) } } });
  const { cluster, ada, records } = set;
  const [record = 0, free = 0] = records;
  const socket = await rawClient(cluster, ada);
  const holder = await openTransaction(cluster.database.ownerUrl);
  await holder.query('select 1 from records where id = $1 for update', [record]);
  const path = `${API_PREFIX}/workspaces/${cluster.workspace}/records/${record}`;
  // Of one person a few take connections at a time: it takes a team to make others wait for them.
  const team = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      cluster.addPerson(`Team ${index}`, { workspace: cluster.workspace, role: 'editor' }),
    ),
  );
  const patchAs = (token: string) => () =>
    fetch(cluster.url(SLOWED) + path, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '"1"' },
      body: '{"note":"wartet"}',
    }).then((one) => one.text());
  const ends = team.flatMap(({ token }) => Array.from({ length: 3 }, () => repeatedly(patchAs(token))));
  await expectLevel(set, 'minimal', 'pool');
  expect(await socket.next('tier')).toEqual({ type: 'tier', everyMs: 250 });
  // Changes come all the same, and a ping does not say that what still waits has been sent.
  await cluster.sql('update records set note = $2 where id = $1', [free, 'kommt an']);
  await socket.next('frames');
  socket.send({ type: 'ping', sentAt: 1 });
  expect((await socket.next('pong')).head).toBeUndefined();

  await holder.rollback();
  await holder[Symbol.asyncDispose]();
  await Promise.all(ends.map((end) => end()));
  await expectLevel(set, 'normal');
  expect(await socket.next('tier')).toEqual({ type: 'tier', everyMs: 0 });
});

it('R5.4 a feed that comes late raises the level', async () => {
  let wire: FaultProxy | undefined;
  const set = await setUp({
    serversOfRelay: async (own) => {
      const made = await wireTo(own.redisUrl);
      wire = made.wire;
      return { ...own, redisUrl: made.url };
    },
    degradation: { limits: { feedSeconds: levelFrom('reduced', 1.65) } },
  });
  await expectLevel(set, 'normal');
  // Whatever is asked takes 1.7 s, and a canary is due each second.
  wire?.lag({ delayMs: 850, lossShare: 0, resendMs: 0 });
  await expectLevel(set, 'reduced', 'feed-lag');
  wire?.lag(null);
  await expectLevel(set, 'normal');
});

it('R5.4 a feed that stands still raises the level, and one that goes on lets it fall', async () => {
  const set = await setUp({ degradation: { limits: { feedSeconds: levelFrom('minimal', 3) } } });
  const { cluster } = set;
  await expectLevel(set, 'normal');
  await cluster.end(cluster.relay);
  await expectLevel(set, 'minimal', 'feed-lag');
  await cluster.addRelay('later');
  await expectLevel(set, 'normal');
});

it('R5.4 edits that fail for no fault of who sent them raise the level', async () => {
  const line = behindPostgres();
  const set = await setUp({ ...line.options, degradation: { limits: { errorShare: levelFrom('reduced', 0.2) } } });
  const sockets = await Promise.all([set.ada, set.ben].map((person) => rawClient(set.cluster, person)));
  line.wire().refuse();
  const end = editAgain(set, sockets, async (socket) => expect((await socket.next('error')).code).toBe('unavailable'));
  await expectLevel(set, 'reduced', 'errors');
  await end();
  line.wire().restore();
  await expectLevel(set, 'normal');
});

it('R5.4 a process that has used what it may have raises the level', async () => {
  const memoryLimitBytes = process.memoryUsage.rss() + 250 * 1024 * 1024;
  const set = await setUp({ memoryLimitBytes, degradation: { limits: { memoryShare: levelFrom('minimal', 1) } } });
  await expectLevel(set, 'normal');
  // Outside of what the collector looks after, and so given back when it is told to be.
  let used: WebAssembly.Memory | undefined = new WebAssembly.Memory({ initial: 6_000 });
  new Uint8Array(used.buffer).fill(1);
  await expectLevel(set, 'minimal', 'memory');
  used = undefined;
  await eventually(() => {
    collectGarbage();
    expect(process.memoryUsage.rss()).toBeLessThan(memoryLimitBytes * 0.95);
  });
  await expectLevel(set, 'normal');
});

it('R4.3 R5.4 at the level manual people refresh by hand and save; after it they have what they missed, and are live', async () => {
  const set = await setUp({});
  const { cluster, ada, records } = set;
  const [record = 0, other = 0] = records;
  const clients = [await liveClient(cluster, ada), await liveClient(cluster, ada, SLOWED)] as const;
  const [saving, looking] = clients;
  await setLevel(cluster, ada, 'manual');
  for (const client of clients)
    await eventually(() => expect(client.connection).toMatchObject({ name: 'manual', isConnected: true }));
  expect(await levelOf(cluster, ada)).toMatchObject({ name: 'manual', chosenBy: 'person' });

  const seen = saving.optimistic.get(record);
  if (!seen) throw new Error('the record must be there');
  await saving.optimistic.submit([{ seen, set: { note: 'von Hand' } }]);
  await eventually(async () => {
    await looking.refresh();
    expect(looking.store.get(record)?.note).toBe('von Hand');
  });
  // No change is pushed: what comes later than this one is heard of before it.
  await cluster.sql('update records set note = $2 where id = $1', [other, 'verpasst']);
  expect(await saving.lock([record])).toMatchObject({ outcome: 'granted' });
  await eventually(() => expect([...looking.locks.values()].length).toBe(1));
  expect(looking.store.get(other)?.note).not.toBe('verpasst');

  await setLevel(cluster, ada, 'automatic');
  for (const client of clients) {
    await eventually(() => expect(client.connection.name).toBe('live'));
    await eventually(() => expect(client.store.get(other)?.note).toBe('verpasst'));
  }
  await cluster.sql('update records set note = $2 where id = $1', [other, 'wieder da']);
  for (const client of clients) await eventually(() => expect(client.store.get(other)?.note).toBe('wieder da'));
});

it('R5.4 what was decided on ends by itself where nobody decides any more, and what a person chose stays', async () => {
  const { cluster, ada } = await setUp({ nodes: 1 });
  await setLevel(cluster, ada, 'reduced');
  expect(await levelOf(cluster, ada)).toMatchObject({ name: 'reduced', chosenBy: 'person' });
  await cluster.redis.kill();
  await eventually(async () => {
    const response = await callHttp(cluster, `${API_PREFIX}/operations`, { as: ada });
    const { processes } = operations.parse(await response.json());
    expect(processes[0]?.missing).toContain('Redis does not answer');
  });
  expect(await levelOf(cluster, ada)).toMatchObject({ name: 'reduced', chosenBy: 'person' });
  await cluster.redis.start();
  // An empty Redis knows of no choice.
  await eventually(async () => expect(await levelOf(cluster, ada)).toMatchObject({ name: 'normal' }));
});
