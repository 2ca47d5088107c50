import { SHARED_HEADER } from '@meldesync/protocol';
import {
  connectRaw,
  eventually,
  expectProblem,
  type RawSocket,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { callNode, helloTo, signInAt, socketOutcome } from './sessions-setup.ts';

const cluster = await startCluster({ nodes: 2, worker: false });
afterAll(() => cluster[Symbol.asyncDispose]());
const [record = 0] = await cluster.addRecords(1);

const addPerson = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const me = (person: TestPerson) => callNode(cluster, 0, '/api/v1/me', { as: person });
/** As if so long had passed for a session: every moment of it lies that much further back. */
const passes = (person: TestPerson, span: string, columns: readonly string[]) =>
  cluster.sql(
    `update auth.session set ${columns.map((column) => `${column} = ${column} - interval '${span}'`).join(', ')}
     where user_id = $1`,
    [person.id],
  );
const lastInput = async (person: TestPerson) =>
  (
    await cluster.sql('select extract(epoch from last_input_at) as at from auth.session where user_id = $1', [
      person.id,
    ])
  )[0]?.['at'];

async function greeted(person: TestPerson, node = 0): Promise<RawSocket> {
  const socket = await connectRaw(cluster.url(node), { token: person.token });
  socket.send(helloTo(cluster));
  await socket.next('welcome');
  return socket;
}

describe('without input of its person a session ends', () => {
  it('after 12 hours, over HTTP, for a socket and for the sign-in', async () => {
    const anna = await addPerson('Anna');
    await passes(anna, '11 hours 59 minutes', ['last_input_at']);
    expect((await me(anna)).status).toBe(200);
    await passes(anna, '1 minute', ['last_input_at']);
    await expectProblem(await me(anna), 'unauthenticated');
    expect(await socketOutcome(cluster, 1, { token: anna.token })).toBe('refused');
    const session = await callNode(cluster, 0, '/api/auth/get-session', { as: anna });
    expect(await session.json()).toBeNull();
  });

  it('after half an hour where others use the device too', async () => {
    const anna = await addPerson('Anna Geteilt');
    await cluster.sql('delete from auth.session where user_id = $1', [anna.id]);
    const { person } = await signInAt(cluster, 0, anna, { [SHARED_HEADER]: '1' });
    await passes(person, '29 minutes', ['last_input_at']);
    expect((await callNode(cluster, 0, '/api/v1/me/sessions', { as: person })).status).toBe(200);
    await passes(person, '2 minutes', ['last_input_at']);
    await expectProblem(await me(person), 'unauthenticated');
  });

  it('also where a socket is open, or somebody asks in the background', async () => {
    const anna = await addPerson('Anna Offen');
    await passes(anna, '11 hours', ['last_input_at']);
    const before = await lastInput(anna);
    await using socket = await greeted(anna, 1);
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    for (const path of ['/me', `/workspaces/${cluster.workspace}/members`])
      expect((await callNode(cluster, 0, `/api/v1${path}`, { as: anna })).status).toBe(200);
    expect(await lastInput(anna)).toBe(before);
    await passes(anna, '1 hour', ['last_input_at']);
    // Something else of the same person makes the nodes look; by themselves they do so every some seconds.
    await cluster.sql(`select pg_notify('meldesync_access', $1)`, [anna.id]);
    expect(await socket.closeCode()).toBe(4401);
  });

  it('its sockets are closed by themselves when the time has come, unless there was input', async () => {
    const [idle, active] = [await addPerson('Anna Still'), await addPerson('Anna Da')];
    for (const person of [idle, active]) await passes(person, '11 hours 59 minutes 50 seconds', ['last_input_at']);
    await using stays = await greeted(active);
    await using ends = await greeted(idle);
    expect((await callNode(cluster, 1, '/api/v1/me/active', { method: 'POST', as: active })).status).toBe(204);
    await eventually(() => expect(ends.closed?.code).toBe(4401), 40_000);
    stays.send({ type: 'ping', sentAt: 1 });
    await stays.next('pong');
    expect(stays.closed).toBeUndefined();
  });

  it.each<[string, (person: TestPerson) => Promise<unknown>]>([
    ['said by the page', (person) => callNode(cluster, 0, '/api/v1/me/active', { method: 'POST', as: person })],
    [
      'an edit over HTTP',
      (person) =>
        callNode(cluster, 0, `/api/v1/workspaces/${cluster.workspace}/edits`, {
          method: 'POST',
          as: person,
          json: { operation: crypto.randomUUID(), items: [{ record, baseVersion: 1, set: { note: 'a' } }] },
        }),
    ],
    [
      'an edit over a socket',
      async (person) => {
        await using socket = await greeted(person);
        const set = { note: 'b' };
        socket.send({ type: 'edit', operation: crypto.randomUUID(), items: [{ record, baseVersion: 1, set }] });
        await socket.next('edited');
      },
    ],
    [
      'the beginning of a terminal’s command',
      async (person) => {
        await cluster.sql(`update auth.session set kind = 'terminal' where user_id = $1`, [person.id]);
        await me(person);
      },
    ],
  ])('input is %s', async (what, act) => {
    const ben = await addPerson(`Ben ${what}`);
    await passes(ben, '11 hours', ['last_input_at']);
    await act(ben);
    await eventually(async () => {
      expect(Date.now() / 1_000 - Number(await lastInput(ben))).toBeLessThan(60);
    });
  });

  it('and no input brings one back that is over', async () => {
    const ben = await addPerson('Ben Vorbei');
    await passes(ben, '13 hours', ['last_input_at']);
    await expectProblem(
      await callNode(cluster, 0, '/api/v1/me/active', { method: 'POST', as: ben }),
      'unauthenticated',
    );
    await expectProblem(await me(ben), 'unauthenticated');
  });
});

describe('whatever happens a session ends', () => {
  it('seven days after it began; no use prolongs it', async () => {
    const clara = await addPerson('Clara');
    const before = await cluster.sql('select expires_at from auth.session where user_id = $1', [clara.id]);
    await passes(clara, '6 days 23 hours', ['created_at', 'updated_at']);
    for (const path of ['/api/v1/me', '/api/auth/get-session'])
      expect((await callNode(cluster, 0, path, { as: clara })).status).toBe(200);
    await callNode(cluster, 0, '/api/v1/me/active', { method: 'POST', as: clara });
    expect(await cluster.sql('select expires_at from auth.session where user_id = $1', [clara.id])).toEqual(before);
    await passes(clara, '1 hour', ['created_at']);
    await expectProblem(await me(clara), 'unauthenticated');
    expect(await socketOutcome(cluster, 1, { token: clara.token })).toBe('refused');
  });

  it('also one of 400 days that was prolonged again and again', async () => {
    const clara = await addPerson('Clara Uralt');
    await passes(clara, '400 days', ['created_at']);
    await cluster.sql(`update auth.session set expires_at = now() + interval '6 days' where user_id = $1`, [clara.id]);
    await expectProblem(await me(clara), 'unauthenticated');
    const session = await callNode(cluster, 0, '/api/auth/get-session', { as: clara });
    expect(await session.json()).toBeNull();
  });
});
