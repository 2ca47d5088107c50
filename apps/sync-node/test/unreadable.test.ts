import type { SyncClient } from '@meldesync/client';
import { parseCursor, type UnreadablePlace } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster, type TestPerson, unreadableCount } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const LOCK_ID = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';
const BIG = 'x'.repeat(16 * 1024 * 1024);

let cluster: Cluster;
let anna: TestPerson;
let bert: TestPerson;
let other: string;
/** A record that is edited all the time, of each of the two workspaces. */
let records: readonly [number, number];
/** A record that becomes what nobody can read. */
let victim: number;
let clients: readonly [SyncClient, SyncClient];
/** What the connections of the clients went through. */
let states: Set<string>;
let edits = 0;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent' });
  const { workspace } = cluster;
  other = await cluster.addWorkspace('Andere');
  anna = await cluster.addPerson('Anna', { workspace, role: 'admin' });
  bert = await cluster.addPerson('Bert', { workspace: other, role: 'editor' });
  const [one = 0, two = 0] = await cluster.addRecords(2);
  const [three = 0] = await cluster.addRecords(1, { first: 50, workspace: other });
  records = [one, three];
  victim = two;
  clients = [cluster.client(anna), cluster.client(bert, { workspace: other })];
  for (const client of clients) client.start();
  await allGoOn();
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => {
  states = new Set();
  for (const client of clients) client.onConnection(({ name }) => states.add(name));
});

/** A change of both workspaces reaches everybody. */
async function allGoOn(): Promise<void> {
  const note = `change ${(edits += 1)}`;
  await cluster.sql('update records set note = $1 where id = any($2::bigint[])', [note, records]);
  await eventually(() => {
    for (const [index, client] of clients.entries()) {
      expect(client.connection.name).toBe('live');
      expect(client.store.get(records[index] ?? 0)?.note).toBe(note);
    }
  });
}

/** Who comes now gets everything that can be read. */
async function newcomerSees(count: number): Promise<SyncClient> {
  const client = cluster.client(anna);
  client.start();
  await eventually(() => {
    expect(client.connection.name).toBe('live');
    expect(client.store.size).toBe(count);
  });
  return client;
}

const noted = (place: UnreadablePlace) => unreadableCount(cluster.nodes[0], place);

/** Waits until the node says that it could not read something of the place. */
async function isNoted(place: UnreadablePlace, run: () => Promise<unknown>): Promise<void> {
  const before = await noted(place);
  await run();
  await eventually(async () => expect(await noted(place)).toBeGreaterThan(before));
}

const key = (name: string) => `${cluster.redisPrefix}:{${cluster.workspace}}:${name}`;
const redis = (name: string, ...args: (string | number)[]) => cluster.redis.command(name, ...args);
/** What a lock looks like, with something else in it. */
const lock = (other: object) => ({
  lock: LOCK_ID,
  token: 't',
  records: [victim],
  user: 'u',
  instance: 'instance-1',
  connection: 'c',
  since: Date.now(),
  orphaned: false,
  ...other,
});
const lockSet = (other: object, endsInMs = 5_000) => JSON.stringify({ kind: 'lock-set', lock: lock(other), endsInMs });

/** Facts of a bus message, some of them wrong. */
async function busMessage(change: (facts: string[]) => unknown, json = '{}'): Promise<string> {
  const { cursor } = await cluster.api(anna).snapshotPage(cluster.workspace);
  const { head } = await cluster.api(anna).framesPage(cluster.workspace, { after: cursor });
  const facts = [parseCursor(cursor).epoch, `${head.split('-')[0]}-999`, head, '1', '1', ''];
  change(facts);
  return `${facts.join(' ')}\n${json}`;
}

describe('R1.5 what somebody publishes', () => {
  const MESSAGES: readonly [UnreadablePlace, string, string, () => Promise<string> | string][] = [
    ['notice', 'notices', 'no JSON', () => 'no JSON'],
    ['notice', 'notices', 'another message', () => '{"type":"welcome","role":"admin"}'],
    ['notice', 'notices', '16 MiB', () => BIG],
    ['node-message', 'state', 'no JSON', () => 'no JSON'],
    ['node-message', 'state', 'an unknown kind', () => '{"kind":"weather"}'],
    ['node-message', 'state', '16 MiB', () => BIG],
    ['node-message', 'state', 'a lock since no moment', () => lockSet({ since: 1e300 })],
    ['node-message', 'state', 'a lock that ends after all timers', () => lockSet({}, 1e12)],
    ['node-message', 'state', 'a lock with no id', () => lockSet({ lock: 'mine' })],
    ['feed-message', 'frames', 'no frame', () => 'no frame'],
    ['feed-message', 'frames', '16 MiB', () => BIG],
    ['feed-message', 'frames', 'a frame at no position', () => busMessage((facts) => facts.splice(1, 1, 'there'))],
    ['feed-message', 'frames', 'a frame after no position', () => busMessage((facts) => facts.splice(2, 1, 'here'))],
    ['feed-message', 'frames', 'a frame with no number of changes', () => busMessage((f) => f.splice(4, 1, 'many'))],
    ['feed-message', 'frames', 'a frame with no checksum', () => busMessage((facts) => facts.splice(5, 1, 'NaN'))],
  ];

  it.each(MESSAGES)(
    'and is no %s, on channel %s (%s), costs that message alone',
    async (place, channel, _, message) => {
      const text = await message();
      await isNoted(place, () => redis('PUBLISH', key(channel), text));
      await allGoOn();
      expect([...states].filter((name) => name !== 'live')).toEqual([]);
    },
  );

  it('and is no canary costs that message alone', async () => {
    await isNoted('canary', () => redis('PUBLISH', `${cluster.redisPrefix}:canary`, 'tweet'));
    await allGoOn();
    expect([...states].filter((name) => name !== 'live')).toEqual([]);
  });

  it('P45 and is a frame that no client can read costs a snapshot or two, over the same connection', async () => {
    const loads: string[] = [];
    clients[0].onConnection(({ name }) => loads.push(name));
    await redis('PUBLISH', key('frames'), await busMessage(() => undefined, '{"id":'));
    await eventually(() => expect(states).toContain('loading'));
    await allGoOn();
    expect(loads).not.toContain('reconnecting');
    expect(loads.filter((name) => name === 'loading').length).toBeLessThanOrEqual(6);
  });
});

describe('R1.5 what somebody puts into Redis', () => {
  const GARBAGE = [
    'no JSON',
    '7',
    '{"lock":1}',
    JSON.stringify({ ...lock({ lock: 'mine', records: [1], since: 0 }), expiresAt: 9e15 }),
  ];

  it.each(GARBAGE)('in the directory of locks (%s) costs that entry, and locks go on', async (garbage) => {
    await redis('HSET', key('locks'), '999', garbage);
    await isNoted('lock-directory', () => cluster.api(anna).locks(cluster.workspace));
    await redis('HSET', key('locks'), victim, garbage);
    const held = await clients[0].lock([victim]);
    expect(held).toMatchObject({ outcome: 'granted' });
    expect((await cluster.api(anna).locks(cluster.workspace)).map(({ records: covered }) => covered)).toEqual([
      [victim],
    ]);
    if (held.outcome === 'granted') await held.lock.release();
  });

  it('in the place of the directory is removed', async () => {
    // What the test before gives back may be the first to meet it.
    await isNoted('lock-directory', async () => {
      await redis('DEL', key('locks'));
      await redis('SET', key('locks'), 'somebody');
      await cluster.api(anna).locks(cluster.workspace);
    });
    await newcomerSees(2);
    await allGoOn();
  });

  it('in the place of a mutex and without an end is removed by whoever wants the lock', async () => {
    await redis('SET', key(`lock:${victim}`), 'somebody');
    await isNoted('lock-key', async () => {
      await eventually(async () => expect(await clients[0].lock([victim])).toMatchObject({ outcome: 'granted' }));
    });
  });

  it('on the board of who is here, or in its place, costs that entry, or the board', async () => {
    await redis('HSET', key('presence'), 'somebody', 'no JSON');
    await redis('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(async () => expect(await noted('presence-board')).toBeGreaterThan(0));
    await redis('DEL', key('presence'));
    await redis('SET', key('presence'), 'somebody');
    await isNoted('presence-board', async () => clients[0].attend([victim]));
    await eventually(async () => expect(await redis('TYPE', key('presence'))).toBe('hash'));
    await allGoOn();
  });
});

describe('R1.1 what Postgres holds', () => {
  beforeAll(async () => {
    await cluster.sql('alter table records drop constraint records_id, drop constraint records_limits');
    await cluster.sql('alter table members drop constraint members_role');
    await cluster.sql('alter table changes drop constraint changes_op');
  });

  /** Changes the victim with all triggers off, and waits until no snapshot of before is given any more. */
  async function writePast(set: string): Promise<void> {
    await cluster.sql(`do $do$ begin
      alter table records disable trigger all;
      update records set ${set} where id = ${victim};
      alter table records enable trigger all;
      perform meldesync_enable_triggers();
    end $do$`);
    await allGoOn();
  }

  it('P45 and is no record costs that record: the others are there, it is counted, and it comes back', async () => {
    const { version } = (await cluster.sql('select version from records where id = $1', [victim]))[0] ?? {};
    await writePast('version = 0');
    // A snapshot of before may be given for a moment.
    await isNoted('record', () =>
      eventually(async () => {
        const page = await cluster.api(anna).snapshotPage(cluster.workspace);
        expect(page.unreadable).toEqual([{ id: victim, version: 0 }]);
      }),
    );
    const late = await newcomerSees(1);
    expect(late.unreadable).toBe(1);
    expect(late.store.get(victim)).toBeUndefined();
    await allGoOn();
    await eventually(() => expect(late.store.get(records[0])?.note).toBe(`change ${edits}`));
    await writePast(`version = ${Number(version)}`);
    await cluster.sql(`update records set note = 'again' where id = $1`, [victim]);
    await eventually(() => {
      expect(late.store.get(victim)?.note).toBe('again');
      expect(late.connection.name).toBe('live');
    });
    expect(late.unreadable).toBe(0);
  });

  it.each(['infinity', '-infinity', '20000-01-01', '0044-03-15 BC'])(
    'and is a time that is none (%s) is shown as it is',
    async (time) => {
      await writePast(`updated_at = '${time}'`);
      expect((await cluster.api(anna).record(cluster.workspace, victim)).updatedAt).toContain(time.slice(0, 5));
      await allGoOn();
    },
  );

  it('and is far too long reaches everybody all the same, and disturbs nobody', async () => {
    await cluster.sql(`update records set note = repeat('x', 5000000) where id = $1`, [victim]);
    await eventually(() => expect(clients[0].store.get(victim)?.note).toHaveLength(5_000_000));
    await allGoOn();
    await cluster.sql(`update records set note = null where id = $1`, [victim]);
    await allGoOn();
    expect([...states].filter((name) => name !== 'live')).toEqual([]);
  });

  it('R5.3 and is a role that is none gives no access, and costs that membership alone', async () => {
    const third = await cluster.addWorkspace('Dritte');
    await cluster.sql(`insert into members (workspace_id, user_id, role) values ($1, $2, 'owner')`, [third, anna.id]);
    await isNoted('member', async () => {
      const { workspaces } = await cluster.api(anna).me();
      expect(workspaces.map(({ id }) => id)).toEqual([cluster.workspace]);
    });
    await expect(cluster.api(anna).imports(third)).rejects.toMatchObject({ code: 'workspace-not-found' });
    const client = cluster.client(anna, { workspace: third });
    client.start();
    await eventually(() => expect(client.connection.name).toBe('refused'));
    await cluster.sql(`insert into members (workspace_id, user_id, role) values ($1, $2, 'owner')`, [
      cluster.workspace,
      bert.id,
    ]);
    const members = await cluster.api(anna).members(cluster.workspace);
    expect(members.map(({ id }) => id)).toEqual([anna.id]);
  });

  it('and is no import, row of one, conflict or change costs that entry of its list', async () => {
    const { workspace } = cluster;
    const insert = `insert into imports (workspace_id, filename, size_bytes, status, created_by, error, finished_at)
      values ($1, $2, 1, 'failed', $3, $4::jsonb, 'infinity') returning id`;
    await cluster.sql(insert, [workspace, 'a.csv', anna.id, '"weird"']);
    const [good] = await cluster.sql(insert, [workspace, 'b.csv', anna.id, '{"code":"internal","params":{}}']);
    await isNoted('import', async () => {
      expect((await cluster.api(anna).imports(workspace)).map(({ filename }) => filename)).toEqual(['b.csv']);
    });
    await cluster.sql(
      `insert into import_rows (import_id, line, outcome, findings) values ($1, 1, 'rejected', '7'), ($1, 2, 'rejected', '[]')`,
      [good?.['id']],
    );
    const page = await cluster.api(anna).importRows(workspace, String(good?.['id']));
    expect(page.rows.map(({ line }) => line)).toEqual([2]);

    const conflict = `insert into conflicts (id, workspace_id, record_id, user_id, via, operation, base_version,
      current_version, fields, overlapping) values (gen_random_uuid(), $1, $2, $3, 'web', $4, 1, 2, $5::jsonb, true)`;
    await cluster.sql(conflict, [workspace, victim, anna.id, 'operation-1', '"weird"']);
    await cluster.sql(conflict, [workspace, victim, anna.id, 'operation-2', '[]']);
    await isNoted('conflict', async () => {
      const { conflicts } = await cluster.api(anna).conflicts(workspace);
      expect(conflicts.map(({ operation }) => operation)).toEqual(['operation-2']);
    });

    const before = (await cluster.api(anna).history(workspace, victim)).entries.length;
    await cluster.sql(
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
       values ($1, $2, 9000, 'upsert', '{}', '{}', 'db:x', 'sql', now())`,
      [workspace, victim],
    );
    await isNoted('history', async () => {
      expect((await cluster.api(anna).history(workspace, victim)).entries).toHaveLength(before);
    });
    await allGoOn();
  });
});
