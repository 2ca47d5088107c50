import { CLOSE_CODES } from '@meldesync/protocol';
import { connectRaw, cookieOf, eventually, openTransaction, type RawSocketOptions } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpSockets } from './socket-setup.ts';

const STRANGER = 'https://elsewhere.example';

const { cluster, anna, witness, connect, hello, greeted, edit, version } = await setUpSockets();

/** Says nothing from now on; the last test looks what became of it. */
const silent = await connectRaw(cluster.url(), { token: anna.token });

describe('who is let in', () => {
  it('P2 a person with a bearer token, under the subprotocol', async () => {
    const socket = await greeted();
    expect(socket.protocol).toBe('meldesync.v1');
    expect(socket.messages[0]).toMatchObject({ type: 'welcome', user: anna.id, role: 'editor', node: 'node-1' });
  });

  it.each<[string, () => RawSocketOptions, number, object?]>([
    ['P1 without the subprotocol', () => ({ token: anna.token, protocols: [] }), CLOSE_CODES.badRequest],
    ['P2 without a token', () => ({}), CLOSE_CODES.unauthenticated],
    ['P2 with a token that is none', () => ({ token: 'x'.repeat(40) }), CLOSE_CODES.unauthenticated],
    [
      'P2 with a token from a foreign page',
      () => ({ token: anna.token, headers: { origin: STRANGER } }),
      CLOSE_CODES.forbidden,
      { type: 'error', code: 'foreign-origin' },
    ],
  ])('%s is closed, with the reason', async (_, options, code, said) => {
    const socket = await connect(options());
    expect(await socket.closeCode()).toBe(code);
    expect(socket.closed?.reason).not.toBe('');
    expect(socket.messages).toEqual(said === undefined ? [] : [said]);
  });

  it('P2 a cookie counts from our own page only', async () => {
    const cookie = await cookieOf(cluster, anna);
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
    live.send({ type: 'subscribe', cursor: witness.cursor });
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

  it('P6 a session that is ended while nobody could hear of it is closed as soon as somebody can', async () => {
    const gone = await cluster.addPerson('Gero', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(gone);
    const cut = await cluster.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'meldesync-access'`,
    );
    expect(cut).toHaveLength(1);
    await cluster.sql('delete from auth.session where user_id = $1', [gone.id]);
    expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  });

  it('P6 a person who is no member any more is disconnected', async () => {
    const former = await cluster.addPerson('Fred', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(former);
    await cluster.sql('delete from members where user_id = $1', [former.id]);
    expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
  });

  it('P6 a person who is no member any more is disconnected also when that could not be looked up at first', async () => {
    const former = await cluster.addPerson('Fria', { workspace: cluster.workspace, role: 'editor' });
    const socket = await greeted(former);
    await using removal = await openTransaction(cluster.database.ownerUrl);
    // Taken away without a word, so that only what the node remembers can lead to a second look.
    await removal.query('lock table members in access exclusive mode');
    await removal.query('alter table members disable trigger notify_access');
    await removal.query('delete from members where user_id = $1', [former.id]);
    await removal.query('alter table members enable trigger notify_access');
    await cluster.sql(`select pg_notify('meldesync_access', $1)`, [former.id]);
    await eventually(async () => {
      const cancelled = await cluster.sql(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'meldesync-node-1%' and wait_event_type = 'Lock'`,
      );
      expect(cancelled).toHaveLength(1);
    });
    await removal.commit();
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

  it('P55 whose role is changed is told so, once for each change, and stays connected', async () => {
    const moved = await cluster.addPerson('Mia', { workspace: cluster.workspace, role: 'viewer' });
    const socket = await greeted(moved);
    const set = (role: string) => cluster.sql('update members set role = $1 where user_id = $2', [role, moved.id]);
    await set('editor');
    expect(await socket.next('role')).toEqual({ type: 'role', role: 'editor' });
    socket.send(await edit('as-an-editor-now'));
    expect((await socket.next('edited')).outcomes[0]?.outcome).toBe('accepted');
    // What does not change it is no news.
    await cluster.sql(`update members set expires_at = now() + interval '1 day' where user_id = $1`, [moved.id]);
    await set('viewer');
    expect(await socket.next('role')).toEqual({ type: 'role', role: 'viewer' });
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    expect(socket.messages.filter(({ type }) => type === 'role')).toHaveLength(2);
  });
});

describe('a message out of order', () => {
  it.each(['subscribe', 'edit'] as const)('P4 %s before hello ends the connection', async (type) => {
    const socket = await connect();
    const before = await version();
    socket.send(type === 'edit' ? await edit('before-hello') : { type, cursor: witness.cursor });
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
    expect(await socket.next('pong')).toEqual({ type: 'pong', sentAt: 1, at: expect.any(Number) });
    socket.send(hello());
    await socket.next('welcome');
    socket.send({ type: 'subscribe', cursor: witness.cursor });
    const { head } = await socket.next('subscribed');
    socket.send({ type: 'ping', sentAt: 2 });
    expect(await socket.next('pong')).toEqual({ type: 'pong', sentAt: 2, at: expect.any(Number), head });
  });
});

it('P4 a connection that never says hello is closed', async () => {
  expect(await silent.closeCode()).toBe(CLOSE_CODES.helloTimeout);
});
