import type { SyncClient } from '@meldesync/client';
import { CLOSE_CODES, type Edit, MAX_UP_MESSAGE_BYTES } from '@meldesync/protocol';
import {
  type Cluster,
  connectRaw,
  eventually,
  type RawSocket,
  type RawSocketOptions,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const STRANGER = 'https://elsewhere.example';
/** Codes of the transport (RFC 6455 §7.4.1). */
const CUT = 1006;
const MESSAGE_TOO_BIG = 1009;

let cluster: Cluster;
let anna: TestPerson;
let witness: SyncClient;
let record: number;
let silent: RawSocket;
let open: RawSocket[] = [];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  // Says nothing from now on; the last test looks what became of it.
  silent = await connectRaw(cluster.url(), { token: anna.token });
  [record = 0] = await cluster.addRecords(3);
  witness = cluster.client(await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'viewer' }));
  witness.start();
  await eventually(() => expect(witness.connection.name).toBe('live'));
});
afterAll(() => cluster[Symbol.asyncDispose]());

let wave = 0;
/** Whatever a test did to its own connection: the node serves the others as before. */
afterEach(async () => {
  for (const socket of open) await socket[Symbol.asyncDispose]();
  open = [];
  wave += 1;
  await cluster.sql('update records set note = $1 where id = $2', [`wave ${wave}`, record + 1]);
  await eventually(() => expect(witness.store.get(record + 1)?.note).toBe(`wave ${wave}`));
  expect(witness.connection.name).toBe('live');
});

async function connect(options: RawSocketOptions = { token: anna.token }): Promise<RawSocket> {
  const socket = await connectRaw(cluster.url(), options);
  open.push(socket);
  return socket;
}

const hello = (workspace = cluster.workspace) =>
  ({ type: 'hello', workspace, client: { kind: 'web', version: 'test' } }) as const;

async function greeted(person = anna): Promise<RawSocket> {
  const socket = await connect({ token: person.token });
  socket.send(hello());
  await socket.next('welcome');
  return socket;
}

async function version(): Promise<number> {
  const [row] = await cluster.sql('select version from records where id = $1', [record]);
  return Number(row?.['version']);
}

async function edit(operation: string, note = operation): Promise<Edit> {
  return { type: 'edit', operation, items: [{ record, baseVersion: await version(), set: { note } }] };
}

/** Signs in as a browser would; the cookie. */
async function cookieOf(person: TestPerson): Promise<string> {
  const response = await fetch(`${cluster.url()}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: cluster.url() },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

describe('who is let in', () => {
  it('P2 a person with a bearer token, under the subprotocol', async () => {
    const socket = await greeted();
    expect(socket.protocol).toBe('meldesync.v1');
    expect(socket.messages[0]).toMatchObject({ type: 'welcome', user: anna.id, role: 'editor', node: 'node-1' });
  });

  it.each<[string, () => RawSocketOptions, number]>([
    ['P1 without the subprotocol', () => ({ token: anna.token, protocols: [] }), CLOSE_CODES.badRequest],
    ['P2 without a token', () => ({}), CLOSE_CODES.unauthenticated],
    ['P2 with a token that is none', () => ({ token: 'x'.repeat(40) }), CLOSE_CODES.unauthenticated],
    [
      'P2 with a token from a foreign page',
      () => ({ token: anna.token, headers: { origin: STRANGER } }),
      CLOSE_CODES.forbidden,
    ],
  ])('%s is closed, with the reason', async (_, options, code) => {
    const socket = await connect(options());
    expect(await socket.closeCode()).toBe(code);
    expect(socket.closed?.reason).not.toBe('');
    expect(socket.messages).toEqual([]);
  });

  it('P2 a cookie counts from our own page only', async () => {
    const cookie = await cookieOf(anna);
    const own = await connect({ headers: { cookie, origin: cluster.url() } });
    own.send(hello());
    await own.next('welcome');
    const foreign = await connect({ headers: { cookie, origin: STRANGER } });
    expect(await foreign.closeCode()).toBe(CLOSE_CODES.forbidden);
    const without = await connect({ headers: { cookie } });
    expect(await without.closeCode()).toBe(CLOSE_CODES.forbidden);
  });

  it('P5 hello for a workspace of others, or none at all, is closed alike', async () => {
    const others = await cluster.addWorkspace('Zweitklinik');
    for (const workspace of [others, '00000000-0000-4000-8000-000000000000']) {
      const socket = await connect();
      socket.send(hello(workspace));
      expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
      expect(socket.closed?.reason).toBe('not a member of this workspace');
    }
  });

  it('P2 a session whose time is up does not get in', async () => {
    const late = await cluster.addPerson('Lars', { workspace: cluster.workspace, role: 'editor' });
    await cluster.sql(`update auth.session set expires_at = now() - interval '1 second' where user_id = $1`, [late.id]);
    const socket = await connect({ token: late.token });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  });
});

describe('what is let go', () => {
  it('P6 a session that is ended closes its sockets at once, at every stage', async () => {
    const gone = await cluster.addPerson('Gerd', { workspace: cluster.workspace, role: 'editor' });
    const fresh = await connect({ token: gone.token });
    const welcomed = await greeted(gone);
    const live = await greeted(gone);
    live.send({ type: 'subscribe', cursor: witness.cursor ?? '' });
    await live.next('subscribed');
    await cluster.sql('delete from auth.session where user_id = $1', [gone.id]);
    expect(await welcomed.closeCode()).toBe(CLOSE_CODES.unauthenticated);
    expect(await live.closeCode()).toBe(CLOSE_CODES.unauthenticated);
    fresh.send(hello());
    expect(await fresh.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  });

  it('P6 a session that is ended while hello is being looked up gets no further', async () => {
    const gone = await cluster.addPerson('Gina', { workspace: cluster.workspace, role: 'editor' });
    const elsewhere = await cluster.addWorkspace('Viertklinik');
    await cluster.sql(`insert into members (workspace_id, user_id, role) values ($1, $2, 'editor')`, [
      elsewhere,
      gone.id,
    ]);
    const socket = await connect({ token: gone.token });
    // Nobody has asked for this workspace's feed yet, and without Redis it cannot be opened.
    await cluster.redis.kill();
    socket.send(hello(elsewhere));
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    await cluster.sql('delete from auth.session where user_id = $1', [gone.id]);
    await cluster.redis.start();
    expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  });

  it('P6 a person who signs out over HTTP is disconnected', async () => {
    const leaving = await cluster.addPerson('Lea', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(leaving);
    await fetch(`${cluster.url()}/api/auth/sign-out`, {
      method: 'POST',
      headers: { authorization: `Bearer ${leaving.token}`, 'content-type': 'application/json', origin: cluster.url() },
      body: '{}',
    });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  });

  it('P6 a person who is no member any more is disconnected', async () => {
    const former = await cluster.addPerson('Fred', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(former);
    await cluster.sql('delete from members where user_id = $1', [former.id]);
    expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
  });

  it('P6 a role that is taken away counts from the next message on', async () => {
    const demoted = await cluster.addPerson('Dora', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(demoted);
    socket.send(await edit('as-an-editor'));
    expect((await socket.next('edited')).outcomes[0]?.outcome).toBe('accepted');
    await cluster.sql(`update members set role = 'viewer' where user_id = $1`, [demoted.id]);
    socket.send(await edit('as-a-viewer'));
    expect(await socket.next('error')).toEqual({ type: 'error', code: 'forbidden', operation: 'as-a-viewer' });
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
  });
});

describe('a message that breaks the protocol', () => {
  it.each([
    ['no JSON', '{"type":"hello"'],
    ['nothing', ''],
    ['a JSON value that is no object', '"hello"'],
    ['null', 'null'],
    ['a type that does not exist', '{"type":"delete-everything"}'],
    ['no type', '{"cursor":"00000000:0-0"}'],
    ['a cursor that is none', '{"type":"subscribe","cursor":"0-0"}'],
    ['a ping without its time', '{"type":"ping"}'],
    ['an edit without items', '{"type":"edit","operation":"operation-1","items":[]}'],
    ['deep nesting', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['a prototype to set', '{"__proto__":{"type":"ping","sentAt":1}}'],
  ])('P25 is refused and the connection lives on: %s', async (_, text) => {
    const socket = await greeted();
    socket.sendRaw(text);
    expect(await socket.next('error')).toEqual({ type: 'error', code: 'invalid-message' });
    socket.send({ type: 'ping', sentAt: 7 });
    expect(await socket.next('pong')).toMatchObject({ sentAt: 7 });
  });

  it.each([
    ['an unknown field of a record', { set: { ibe: 'IBE+' } }],
    ['a field of another type', { set: { done: 'yes' } }],
    ['no field at all', { set: {} }],
    ['a note too long', { set: { note: 'x'.repeat(2_001) } }],
    ['a version of 0', { baseVersion: 0 }],
    ['a version that is no integer', { baseVersion: 1.5 }],
    ['a record beyond 2^53', { record: 2 ** 53 }],
    ['an unknown member', { force: true }],
  ])('P16 an edit with %s writes nothing', async (_, change) => {
    const socket = await greeted();
    const before = await version();
    const item = { record, baseVersion: before, set: { note: 'x' }, ...change };
    socket.sendRaw(JSON.stringify({ type: 'edit', operation: 'operation-1', items: [item] }));
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-message' });
    expect(await version()).toBe(before);
  });

  it('P25 five of them end the connection', async () => {
    const socket = await greeted();
    for (let count = 0; count < 5; count++) socket.sendRaw('no JSON');
    expect(await socket.closeCode()).toBe(CLOSE_CODES.badRequest);
    expect(socket.messages.filter((message) => message.type === 'error')).toHaveLength(4);
  });

  it('P3 binary ends the connection', async () => {
    const socket = await greeted();
    socket.sendRaw(new Uint8Array([1, 2, 3]));
    expect(await socket.closeCode()).toBe(CLOSE_CODES.badRequest);
  });

  it('P24 one that is too large ends the connection; the largest that is allowed does not', async () => {
    const padded = (bytes: number) => `{"type":"ping","sentAt":1${' '.repeat(bytes - 26)}}`;
    const socket = await greeted();
    socket.sendRaw(padded(MAX_UP_MESSAGE_BYTES));
    await socket.next('pong');
    socket.sendRaw(padded(MAX_UP_MESSAGE_BYTES + 1));
    expect(await socket.closeCode()).toBe(MESSAGE_TOO_BIG);
    const huge = await greeted();
    huge.sendRaw(padded(4 * MAX_UP_MESSAGE_BYTES));
    expect(await huge.closeCode()).toBe(CUT);
  });

  it('P24 too many messages at a time end the connection', async () => {
    const socket = await greeted();
    for (let count = 0; count < 400; count++) socket.send({ type: 'ping', sentAt: count });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.rateLimited);
  });
});

describe('a message out of order', () => {
  it.each(['subscribe', 'edit'] as const)('P4 %s before hello ends the connection', async (type) => {
    const socket = await connect();
    const before = await version();
    socket.send(type === 'edit' ? await edit('before-hello') : { type, cursor: witness.cursor ?? '' });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.badRequest);
    expect(await version()).toBe(before);
  });

  it('P4 a second hello is refused and changes nothing', async () => {
    const socket = await greeted();
    socket.send(hello(await cluster.addWorkspace('Drittklinik')));
    expect(await socket.next('error')).toEqual({ type: 'error', code: 'unexpected-message' });
    socket.send(await edit('still-in-the-first'));
    expect((await socket.next('edited')).outcomes[0]?.outcome).toBe('accepted');
  });

  it('P4 two hellos at once get one welcome', async () => {
    const socket = await connect();
    socket.send(hello());
    socket.send(hello());
    await socket.next('error');
    await eventually(() => expect(socket.messages.map((message) => message.type)).toContain('welcome'));
    expect(socket.messages.filter((message) => message.type === 'welcome')).toHaveLength(1);
  });

  it('P21 ping is answered at every stage, and says where the feed stands once live', async () => {
    const socket = await connect();
    socket.send({ type: 'ping', sentAt: 1 });
    expect(await socket.next('pong')).toEqual({ type: 'pong', sentAt: 1 });
    socket.send(hello());
    await socket.next('welcome');
    socket.send({ type: 'subscribe', cursor: witness.cursor ?? '' });
    const { head } = await socket.next('subscribed');
    socket.send({ type: 'ping', sentAt: 2 });
    expect(await socket.next('pong')).toEqual({ type: 'pong', sentAt: 2, head });
  });
});

describe('subscribing', () => {
  beforeEach(() => eventually(() => expect(witness.cursor).not.toBeNull()));

  it('P8 P13 gives every frame after the cursor, in an unbroken chain, then live ones', async () => {
    const start = witness.cursor ?? '';
    for (let count = 0; count < 5; count++) {
      await cluster.sql('update records set note = $1 where id = $2', [`missed ${wave}.${count}`, record]);
    }
    const before = await version();
    await eventually(() => expect(witness.store.get(record)?.version).toBe(before));
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: start });
    await socket.next('subscribed');
    await cluster.sql(`update records set note = 'live' where id = $1`, [record]);
    const received = () => socket.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
    await eventually(() => expect(received().at(-1)?.changes[0]).toMatchObject({ version: before + 1 }));
    expect(received().map((frame) => frame.prev)).toEqual([
      start.split(':')[1],
      ...received()
        .slice(0, -1)
        .map((frame) => frame.id),
    ]);
  });

  it('P14 a cursor of another epoch leads to a snapshot', async () => {
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: 'ffffffff:0-0' });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'epoch' });
  });

  it('P14 a cursor from the future leads to a snapshot', async () => {
    const socket = await greeted();
    const [epoch] = (witness.cursor ?? '').split(':');
    socket.send({ type: 'subscribe', cursor: `${epoch}:18446744073709551615-0` });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'unknown' });
  });

  it('P14 a cursor that no frame has leads to a snapshot', async () => {
    const socket = await greeted();
    const [epoch] = (witness.cursor ?? '').split(':');
    socket.send({ type: 'subscribe', cursor: `${epoch}:1-0` });
    expect(await socket.next('reset')).toEqual({ type: 'reset', reason: 'too-old' });
    // Nothing is sent to it until it subscribes with a cursor that can be continued.
    socket.send({ type: 'subscribe', cursor: witness.cursor ?? '' });
    await socket.next('subscribed');
  });

  it('P15 may be repeated: the feed goes on from the new cursor', async () => {
    const socket = await greeted();
    const cursor = witness.cursor ?? '';
    socket.send({ type: 'subscribe', cursor });
    await socket.next('subscribed');
    await cluster.sql(`update records set note = 'again ${wave}' where id = $1`, [record]);
    const first = await socket.next('frames');
    socket.send({ type: 'subscribe', cursor });
    await socket.next('subscribed');
    expect(await socket.next('frames')).toEqual(first);
  });

  it('P13 nothing is sent before subscribe', async () => {
    const socket = await greeted();
    const before = await version();
    await cluster.sql(`update records set note = 'unheard' where id = $1`, [record]);
    await eventually(() => expect(witness.store.get(record)?.version).toBe(before + 1));
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    expect(socket.messages.map((message) => message.type)).toEqual(['welcome', 'pong']);
  });
});

describe('edits', () => {
  it('P17 P20 are answered in the order they came, each once, with the outcomes of its items', async () => {
    const socket = await greeted();
    const base = await version();
    for (let count = 0; count < 20; count++) {
      socket.send({
        type: 'edit',
        operation: `in-order-${count}`,
        items: [{ record, baseVersion: base + count, set: { note: `in order ${count}` } }],
      });
    }
    await eventually(() => expect(socket.messages).toHaveLength(21));
    expect(socket.messages.slice(1)).toEqual(
      Array.from({ length: 20 }, (_, count) => ({
        type: 'edited',
        operation: `in-order-${count}`,
        outcomes: [{ record, outcome: 'accepted', version: base + count + 1 }],
      })),
    );
  });

  it('P17 R2.1 R2.2 on an old version is a conflict with the record as it stands', async () => {
    const socket = await greeted();
    const base = await version();
    await cluster.sql(`update records set note = 'someone was first' where id = $1`, [record]);
    socket.send({
      type: 'edit',
      operation: 'too-late-1',
      items: [{ record, baseVersion: base, set: { note: 'mine' } }],
    });
    expect(await socket.next('edited')).toMatchObject({
      outcomes: [
        {
          record,
          outcome: 'conflict',
          baseVersion: base,
          current: { id: record, version: base + 1, note: 'someone was first', updatedBy: 'db:postgres' },
        },
      ],
    });
  });

  it('P18 under the same operation id get the first answer again, on another connection too', async () => {
    const first = await greeted();
    const again = await greeted();
    const message = await edit('sent-twice');
    first.send(message);
    const answer = await first.next('edited');
    again.send(message);
    expect(await again.next('edited')).toEqual(answer);
    expect(answer.outcomes[0]).toMatchObject({ outcome: 'accepted', version: await version() });
  });

  it('P16 P19 with the same record twice are refused as a whole', async () => {
    const socket = await greeted();
    const message = await edit('same-record-twice');
    socket.send({ ...message, items: [...message.items, ...message.items] });
    expect(await socket.next('error')).toEqual({
      type: 'error',
      code: 'invalid-field',
      operation: 'same-record-twice',
    });
  });

  it('P19 with a text that cannot be stored are refused as a whole', async () => {
    const socket = await greeted();
    socket.send(await edit('with-a-nul', 'a\0b'));
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-field', operation: 'with-a-nul' });
  });

  it('P16 of more than 500 records are refused', async () => {
    const socket = await greeted();
    const items = Array.from({ length: 501 }, (_, index) => ({
      record: index + 1,
      baseVersion: 1,
      set: { done: true },
    }));
    socket.send({ type: 'edit', operation: 'too-many-items', items });
    expect(await socket.next('error')).toMatchObject({ code: 'invalid-message' });
  });

  it('R1.2 R5.1 reach everyone with who made them, from where and under which operation', async () => {
    const socket = await greeted();
    socket.send({ type: 'subscribe', cursor: witness.cursor ?? '' });
    await socket.next('subscribed');
    const message = await edit('told-to-everyone');
    socket.send(message);
    await eventually(() => {
      const changes = socket.messages
        .flatMap((one) => (one.type === 'frames' ? one.frames : []))
        .flatMap((one) => one.changes);
      expect(changes.at(-1)).toMatchObject({
        record,
        op: 'update',
        set: { note: 'told-to-everyone' },
        by: `user:${anna.id}`,
        via: 'web',
        operation: 'told-to-everyone',
      });
    });
    await eventually(() => expect(witness.store.get(record)?.updatedBy).toBe(`user:${anna.id}`));
  });
});

it('P4 a connection that never says hello is closed', async () => {
  expect(await silent.closeCode()).toBe(CLOSE_CODES.helloTimeout);
});
