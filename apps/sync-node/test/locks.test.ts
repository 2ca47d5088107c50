import { setTimeout as sleep } from 'node:timers/promises';
import { type DownMessage, LOCK_RESUME_MS, type LockList, type UpMessage } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  expectProblem,
  type RawSocket,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;
let admin: TestPerson;
let viewer: TestPerson;
let records: number[];
let open: RawSocket[] = [];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, worker: false });
  const { workspace } = cluster;
  anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  ben = await cluster.addPerson('Ben', { workspace, role: 'editor' });
  admin = await cluster.addPerson('Ada', { workspace, role: 'admin' });
  viewer = await cluster.addPerson('Vera', { workspace, role: 'viewer' });
  records = await cluster.addRecords(2, { caseId: 'F-1' });
});
afterAll(() => cluster[Symbol.asyncDispose]());
afterEach(async () => {
  for (const socket of open) await socket[Symbol.asyncDispose]();
  open = [];
});
/** Whatever a test left behind is over before the next one begins. */
beforeEach(async () => {
  for (const { lock } of await listLocks()) await endLock(admin, lock);
});

async function listLocks() {
  const response = await callHttp(cluster, workspacePath(cluster, '/locks'), { as: viewer });
  return ((await response.json()) as LockList).locks;
}

const endLock = (person: TestPerson, lock: string) =>
  callHttp(cluster, workspacePath(cluster, `/locks/${lock}`), { as: person, method: 'DELETE' });

async function live(person: TestPerson, { node = 0, instance }: { node?: number; instance?: string } = {}) {
  const socket = await connectRaw(cluster.url(node), { token: person.token });
  open.push(socket);
  const client = { kind: 'web', version: 'test' } as const;
  socket.send({ type: 'hello', workspace: cluster.workspace, client, ...(instance ? { instance } : {}) });
  const { epoch } = await socket.next('welcome');
  const page = await callHttp(cluster, workspacePath(cluster, '/snapshot'), { as: person });
  const { cursor } = (await page.json()) as { cursor: string };
  expect(cursor.startsWith(epoch)).toBe(true);
  socket.send({ type: 'subscribe', cursor });
  await socket.next('subscribed');
  const first = await socket.next('locks');
  return { socket, first };
}

let count = 0;
const request = () => `request-${++count}`;
const lockOf = (ids: readonly number[]): Extract<UpMessage, { type: 'lock' }> => ({
  type: 'lock',
  request: request(),
  records: [...ids],
});

async function granted(socket: RawSocket, ids: readonly number[]) {
  socket.send(lockOf(ids));
  return (await socket.next('lock-granted')).lock;
}

/** Waits for a message about locks that tells this. */
async function told(socket: RawSocket, matches: (message: Extract<DownMessage, { type: 'locks' }>) => boolean) {
  await eventually(() => {
    const found = socket.messages.some((message) => message.type === 'locks' && matches(message));
    if (!found) throw new Error('nobody told of it');
  });
}

describe('a record lock', () => {
  it('R1.4 is granted to one, and everyone on every node is told who has it', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    expect(b.first).toMatchObject({ full: true, set: [] });
    const lock = await granted(a.socket, records);
    expect(lock).toMatchObject({ records, user: anna.id, endsInMs: null });
    await told(b.socket, ({ set }) => set.some((one) => one.lock === lock.lock && one.user === anna.id));

    b.socket.send(lockOf([records[0] ?? 0]));
    expect(await b.socket.next('lock-held')).toMatchObject({ locks: [{ lock: lock.lock, user: anna.id }] });
    // Who comes later sees it at once.
    const c = await live(viewer, { node: 1 });
    expect(c.first).toMatchObject({ full: true, set: [{ lock: lock.lock }] });
  });

  it('R1.4 keeps others from editing, over WebSocket and HTTP, and not its holder', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    const lock = await granted(a.socket, records);
    const [record = 0] = records;
    const item = { record, baseVersion: 1, set: { note: 'x' } };
    b.socket.send({ type: 'edit', operation: `operation-${request()}`, items: [item] });
    const refused = await b.socket.next('edited');
    expect(refused.outcomes).toMatchObject([{ outcome: 'rejected', code: 'record-locked', lock: { lock: lock.lock } }]);

    const response = await callHttp(cluster, workspacePath(cluster, `/records/${record}`), {
      as: ben,
      method: 'PATCH',
      headers: { 'if-match': '"1"' },
      json: { note: 'x' },
    });
    expect(response.status).toBe(423);
    expect((await expectProblem(response, 'record-locked')).lock).toMatchObject({ user: anna.id });

    const before = await cluster.sql('select version from records where id = $1', [record]);
    expect(Number(before[0]?.['version'])).toBe(1);
    a.socket.send({ type: 'edit', operation: `operation-${request()}`, items: [item] });
    expect((await a.socket.next('edited')).outcomes).toMatchObject([{ outcome: 'accepted', version: 2 }]);
  });

  it('asked for again by the same connection is the same lock', async () => {
    const a = await live(anna);
    const first = await granted(a.socket, records);
    expect((await granted(a.socket, records.toReversed())).lock).toBe(first.lock);
  });

  it('is given back, which the others hear', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    const lock = await granted(a.socket, records);
    a.socket.send({ type: 'unlock', request: request(), lock: lock.lock });
    await a.socket.next('unlocked');
    await told(b.socket, ({ ended }) => ended.some((end) => end.lock === lock.lock && end.reason === 'released'));
    await granted(b.socket, records);
  });

  it('is not what an unlock just before has ended', async () => {
    const a = await live(anna);
    for (let round = 0; round < 5; round++) {
      const lock = await granted(a.socket, records);
      a.socket.send({ type: 'unlock', request: request(), lock: lock.lock });
      const again = await granted(a.socket, records);
      expect(again.lock).not.toBe(lock.lock);
      expect(await listLocks()).toMatchObject([{ lock: again.lock }]);
      a.socket.send({ type: 'unlock', request: request(), lock: again.lock });
    }
  });

  it('is refused to a connection that has 20, also when it asks for all at once', async () => {
    const many = await cluster.addRecords(25, { first: 100 });
    const a = await live(anna);
    for (const record of many) a.socket.send(lockOf([record]));
    const outcomes = () =>
      a.socket.messages.flatMap((message) => {
        if (message.type === 'lock-granted') return 'granted';
        return message.type === 'error' ? message.code : [];
      });
    await eventually(() => expect(outcomes()).toHaveLength(25));
    expect(outcomes().filter((outcome) => outcome === 'granted')).toHaveLength(20);
    expect(outcomes().filter((outcome) => outcome === 'too-many-locks')).toHaveLength(5);
  });

  it('P29 is refused to a person who has enough, in whatever window and at whatever node; others go on', async () => {
    const many = await cluster.addRecords(24, { first: 200 });
    const windows = [await live(anna), await live(anna), await live(anna, { node: 1 })];
    const [here, beside, elsewhere] = windows;
    if (!here || !beside || !elsewhere) throw new Error('there are too few windows');
    for (const one of many.slice(0, 10)) await granted(here.socket, [one]);
    for (const one of many.slice(10, 18)) await granted(beside.socket, [one]);
    await told(elsewhere.socket, ({ set }) => set.some((lock) => lock.records.includes(many[17] ?? 0)));
    await granted(elsewhere.socket, [many[18] ?? 0]);
    const last = await granted(elsewhere.socket, [many[19] ?? 0]);
    elsewhere.socket.send(lockOf([many[20] ?? 0]));
    expect(await elsewhere.socket.next('error')).toMatchObject({ code: 'too-many-locks' });
    await granted((await live(ben)).socket, [many[20] ?? 0]);
    // What she has she may go on with in another window, and what she gives back makes room.
    await granted(beside.socket, [many[0] ?? 0]);
    elsewhere.socket.send({ type: 'unlock', request: request(), lock: last.lock });
    await elsewhere.socket.next('unlocked');
    await granted(elsewhere.socket, [many[21] ?? 0]);
  });

  it('P29 is refused to a person who would have too many records', async () => {
    const many = await cluster.addRecords(80, { first: 300 });
    const a = await live(anna);
    for (let from = 0; from < 60; from += 20) await granted(a.socket, many.slice(from, from + 20));
    a.socket.send(lockOf(many.slice(60, 80)));
    expect(await a.socket.next('error')).toMatchObject({ code: 'too-many-locks' });
  });

  it('R2.3 counts down for the others when its connection is cut, and goes', async () => {
    const a = await live(anna, { instance: 'window-of-anna' });
    const b = await live(ben, { node: 1 });
    const lock = await granted(a.socket, records);
    await a.socket[Symbol.asyncDispose]();
    await told(b.socket, ({ set }) =>
      set.some((one) => one.lock === lock.lock && one.endsInMs !== null && one.endsInMs <= LOCK_RESUME_MS),
    );
  });

  it('R2.3 stays with a client that is back with another node', async () => {
    const a = await live(anna, { instance: 'window-of-anna' });
    const b = await live(ben, { node: 1 });
    const lock = await granted(a.socket, records);
    await a.socket[Symbol.asyncDispose]();
    await told(b.socket, ({ set }) => set.some((one) => one.endsInMs !== null));
    const again = await live(anna, { node: 1, instance: 'window-of-anna' });
    expect(again.first).toMatchObject({
      full: true,
      set: [{ lock: lock.lock, instance: 'window-of-anna', endsInMs: null }],
    });
    await told(b.socket, ({ set }) => set.some((one) => one.lock === lock.lock && one.endsInMs === null));
    b.socket.send(lockOf(records));
    await b.socket.next('lock-held');
  });

  it('does not go to another client of the same person, nor to another person with that name', async () => {
    const a = await live(anna, { instance: 'window-of-anna' });
    const lock = await granted(a.socket, records);
    await a.socket[Symbol.asyncDispose]();
    const b = await live(ben, { node: 1, instance: 'window-of-anna' });
    const other = await live(anna, { node: 1, instance: 'second-window' });
    for (const { first } of [b, other]) expect(first.set).toMatchObject([{ lock: lock.lock, user: anna.id }]);
    await told(b.socket, ({ set }) => set.some((one) => one.lock === lock.lock && one.endsInMs !== null));
    b.socket.send(lockOf(records));
    await b.socket.next('lock-held');
  });

  it('ends at once when the page is left', async () => {
    const a = await live(anna, { instance: 'window-of-anna' });
    const b = await live(ben, { node: 1 });
    const lock = await granted(a.socket, records);
    a.socket.close(1001);
    await told(b.socket, ({ ended }) => ended.some((end) => end.lock === lock.lock));
    await granted(b.socket, records);
  });

  it('moves with its person to another window, which the first is told', async () => {
    const a = await live(anna);
    const lock = await granted(a.socket, records);
    const second = await live(anna, { node: 1, instance: 'second-window' });
    const taken = await granted(second.socket, records);
    expect(taken.lock).not.toBe(lock.lock);
    await told(a.socket, ({ ended }) => ended.some((end) => end.lock === lock.lock && end.reason === 'taken-over'));
  });

  it('can be taken away by an admin alone, and its holder is told by whom', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    const c = await live(admin, { node: 1 });
    const lock = await granted(a.socket, records);
    b.socket.send({ type: 'unlock', request: 'as-ben', lock: lock.lock });
    expect(await b.socket.next('error')).toMatchObject({ code: 'forbidden', request: 'as-ben' });
    c.socket.send({ type: 'unlock', request: 'as-admin', lock: lock.lock });
    await c.socket.next('unlocked');
    await told(a.socket, ({ ended }) =>
      ended.some((end) => end.lock === lock.lock && end.reason === 'taken-away' && end.by === `user:${admin.id}`),
    );
    await granted(b.socket, records);
  });

  it('is listed over HTTP, and ended there by its person or an admin', async () => {
    const a = await live(anna);
    const lock = await granted(a.socket, records);
    expect(await listLocks()).toMatchObject([{ lock: lock.lock, user: anna.id, records }]);
    await expectProblem(await endLock(ben, lock.lock), 'forbidden');
    await expectProblem(await endLock(viewer, lock.lock), 'forbidden');
    expect((await endLock(anna, lock.lock)).status).toBe(204);
    await expectProblem(await endLock(anna, lock.lock), 'lock-not-found');
    expect(await listLocks()).toEqual([]);
  });

  it('refuses what is not there, not allowed, or too much', async () => {
    const a = await live(anna);
    const v = await live(viewer);
    v.socket.send({ ...lockOf(records), request: 'as-viewer' });
    expect(await v.socket.next('error')).toMatchObject({ code: 'forbidden', request: 'as-viewer' });
    const elsewhere = await cluster.addWorkspace('Anderswo');
    const [foreign = 0] = await cluster.addRecords(1, { workspace: elsewhere, first: 900 });
    a.socket.send(lockOf([foreign]));
    expect(await a.socket.next('error')).toMatchObject({ code: 'record-not-found' });
    a.socket.send({ type: 'unlock', request: 'gone', lock: '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10' });
    expect(await a.socket.next('error')).toMatchObject({ code: 'lock-not-found', request: 'gone' });
  });

  it('is out of reach without Redis, while edits go on under the protection of their versions', async () => {
    const a = await live(anna);
    const [record = 0] = records;
    const [row] = await cluster.sql('select version from records where id = $1', [record]);
    await cluster.redis.kill();
    a.socket.send(lockOf(records));
    expect(await a.socket.next('error')).toMatchObject({ code: 'locks-unavailable' });
    const item = { record, baseVersion: Number(row?.['version']), set: { note: 'without Redis' } };
    a.socket.send({ type: 'edit', operation: `operation-${request()}`, items: [item] });
    expect((await a.socket.next('edited')).outcomes).toMatchObject([{ outcome: 'accepted' }]);
    await cluster.redis.start();
    for (let granted = false; !granted; ) {
      a.socket.send(lockOf(records));
      await sleep(100);
      granted = a.socket.messages.some(({ type }) => type === 'lock-granted');
    }
  });
});

describe('a Redis that has forgotten everything', () => {
  it('R1.4 R2.3 the holder of a lock is told when somebody else has the record, without having said another word', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    const lost = await granted(a.socket, records);
    await cluster.redis.command('FLUSHALL');
    const taken = await granted(b.socket, records);
    expect(taken.lock).not.toBe(lost.lock);
    await told(a.socket, ({ set }) => set.some(({ lock }) => lock === taken.lock));
    // With the news of the other one at the latest, not when its time would be over.
    const heard = a.socket.messages.filter((message) => message.type === 'locks');
    const news = heard.findIndex(({ set }) => set.some(({ lock }) => lock === taken.lock));
    const ends = heard.slice(0, news + 1).flatMap(({ ended }) => ended);
    expect(ends).toContainEqual({ lock: lost.lock, reason: 'expired' });
    expect((await listLocks()).map(({ lock }) => lock)).toEqual([taken.lock]);
  });
});

describe('presence', () => {
  it('names each person once, with what they have open, on every node, until they go', async () => {
    const a = await live(anna);
    const b = await live(ben, { node: 1 });
    const second = await live(anna, { node: 1 });
    a.socket.send({ type: 'attend', records });
    await eventually(() => {
      const last = b.socket.messages.findLast((message) => message.type === 'presence');
      expect(last).toMatchObject({
        total: 2,
        people: expect.arrayContaining([
          { user: anna.id, kinds: ['web'], records },
          { user: ben.id, kinds: ['web'], records: [] },
        ]) as unknown,
      });
    });
    await a.socket[Symbol.asyncDispose]();
    await second.socket[Symbol.asyncDispose]();
    await eventually(() => {
      const last = b.socket.messages.findLast((message) => message.type === 'presence');
      expect(last).toMatchObject({ total: 1, people: [{ user: ben.id }] });
    });
  });
});
