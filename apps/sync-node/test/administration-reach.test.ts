import { CLOSE_CODES, type UpMessage } from '@meldesync/protocol';
import { connectRaw, eventually, expectProblem, type RawSocket, sampleCsv, type TestPerson } from '@meldesync/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { addTeam, setUpAdministration } from './administration-setup.ts';

const NODES = [0, 1];
const { cluster, call } = await setUpAdministration({ nodes: NODES.length });
const team = await addTeam(cluster);
const [record = 0] = await cluster.addRecords(1);

/** How soon whoever is taken away is out (R1.4). */
const AT_ONCE_MS = 1_000;

let open: RawSocket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) await socket[Symbol.asyncDispose]();
});

async function live(node: number, person: { token: string }, workspace = cluster.workspace): Promise<RawSocket> {
  const socket = await connectRaw(cluster.url(node), { token: person.token });
  open.push(socket);
  const hello: UpMessage = {
    type: 'hello',
    workspace,
    instance: `${node}-instance`,
    client: { kind: 'web', version: '1' },
  };
  socket.send(hello);
  await socket.next('welcome');
  const page = await fetch(`${cluster.url(node)}/api/v1/workspaces/${workspace}/snapshot`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  const { cursor } = (await page.json()) as { cursor: string };
  socket.send({ type: 'subscribe', cursor });
  await socket.next('subscribed');
  return socket;
}

const member = (id: string) => `/administration/workspaces/${cluster.workspace}/members/${id}`;
const statusOf = async (node: number, { token }: TestPerson) =>
  (
    await fetch(`${cluster.url(node)}/api/v1/workspaces/${cluster.workspace}/members`, {
      headers: { authorization: `Bearer ${token}` },
    })
  ).status;

describe('who is taken away is out at once, on every node', () => {
  it.each<[string, (person: TestPerson) => Promise<Response>, number, number]>([
    [
      'removed from the workspace',
      ({ id }) => call(member(id), { as: team.admin, method: 'DELETE' }),
      CLOSE_CODES.forbidden,
      404,
    ],
    [
      'suspended',
      ({ id }) =>
        call(member(id), {
          as: team.admin,
          method: 'PATCH',
          json: { isSuspended: true },
          headers: { 'if-match': '"1"' },
        }),
      CLOSE_CODES.forbidden,
      404,
    ],
    [
      'disabled',
      ({ id }) =>
        call(`/administration/accounts/${id}`, { as: team.installation, method: 'PATCH', json: { isDisabled: true } }),
      CLOSE_CODES.unauthenticated,
      401,
    ],
    [
      'deleted',
      ({ id }) => call(`/administration/accounts/${id}`, { as: team.installation, method: 'DELETE' }),
      CLOSE_CODES.unauthenticated,
      401,
    ],
    [
      'signed out everywhere',
      ({ id }) => call(`/administration/accounts/${id}/sessions`, { as: team.installation, method: 'DELETE' }),
      CLOSE_CODES.unauthenticated,
      401,
    ],
  ])('%s: sockets, locks and requests', async (_, act, closeCode, status) => {
    const gone = await cluster.addPerson('Gerd Gegangen', { workspace: cluster.workspace, role: 'editor' });
    const sockets = await Promise.all(NODES.map((node) => live(node, gone)));
    const watching = await live(1, team.viewer);
    sockets[0]?.send({ type: 'lock', request: 'lock-request', records: [record] });
    await sockets[0]?.next('lock-granted');
    const heldBy = async () => {
      const answer = await call(`/workspaces/${cluster.workspace}/locks`, { as: team.viewer });
      return ((await answer.json()) as { locks: unknown[] }).locks.length;
    };
    await eventually(async () => expect(await heldBy()).toBe(1));

    const response = await act(gone);
    const actedAt = performance.now();
    expect(response.status).toBeLessThan(300);
    expect(await Promise.all(sockets.map((socket) => socket.closeCode()))).toEqual([closeCode, closeCode]);
    await eventually(async () => expect(await heldBy()).toBe(0));
    expect(await Promise.all(NODES.map((node) => statusOf(node, gone)))).toEqual([status, status]);
    expect(performance.now() - actedAt).toBeLessThan(AT_ONCE_MS);
    expect(watching.closed).toBeUndefined();
  });

  it('what they were importing pauses, until an administrator goes on with it or cancels it', async () => {
    const gone = await cluster.addPerson('Ida Import', { workspace: cluster.workspace, role: 'editor' });
    const watching = await live(1, team.viewer);
    const file = { name: 'datei.csv', content: new Blob([sampleCsv(1, 1)]) };
    const [made] = await cluster.api(gone).uploadImports(cluster.workspace, [file]);
    const path = `/workspaces/${cluster.workspace}/imports/${made?.id}`;
    await expectProblem(await call(`${path}/continuation`, { as: team.admin, method: 'POST' }), 'import-not-paused');
    await call(member(gone.id), { as: team.admin, method: 'DELETE' });
    const { import: ended } = await watching.next('import');
    expect(ended).toMatchObject({ id: made?.id, status: 'paused', cancelledBy: null, continuedBy: null });
    const chunks = 'select 1 from import_chunks where import_id = $1';
    expect(await cluster.sql(chunks, [made?.id])).toHaveLength(1);
    for (const as of [team.viewer, team.editor])
      await expectProblem(await call(`${path}/continuation`, { as, method: 'POST' }), 'forbidden');
    const elsewhere = path.replace(made?.id ?? '', crypto.randomUUID());
    await expectProblem(
      await call(`${elsewhere}/continuation`, { as: team.admin, method: 'POST' }),
      'import-not-found',
    );
    const continued = await call(`${path}/continuation`, { as: team.admin, method: 'POST' });
    expect(await continued.json()).toMatchObject({ id: made?.id, status: 'queued', continuedBy: team.admin.id });
    expect((await watching.next('import')).import).toMatchObject({ status: 'queued', continuedBy: team.admin.id });
    const cancelled = await call(`${path}/cancellation`, { as: team.editor, method: 'POST' });
    expect(await cancelled.json()).toMatchObject({ status: 'cancelled' });
    expect(await cluster.sql(chunks, [made?.id])).toEqual([]);
    const told = `select kind, actor from events where subject = $1 and kind like 'import-%' order by id`;
    expect(await cluster.sql(told, [`import:${made?.id}`])).toEqual([
      { kind: 'import-started', actor: `user:${gone.id}` },
      { kind: 'import-paused', actor: `user:${team.admin.id}` },
      { kind: 'import-continued', actor: `user:${team.admin.id}` },
      { kind: 'import-cancelled', actor: `user:${team.editor.id}` },
    ]);
  });

  it('who becomes an auditor keeps no lock and takes none', async () => {
    const person = await cluster.addPerson('Rita Revision', { workspace: cluster.workspace, role: 'editor' });
    const socket = await live(0, person);
    socket.send({ type: 'lock', request: 'lock-request', records: [record] });
    await socket.next('lock-granted');
    const json = { role: 'auditor' };
    await call(member(person.id), { as: team.admin, method: 'PATCH', json, headers: { 'if-match': '"1"' } });
    await eventually(async () => {
      const answer = await call(`/workspaces/${cluster.workspace}/locks`, { as: person });
      expect(await answer.json()).toEqual({ locks: [] });
    });
    socket.send({ type: 'lock', request: 'another-request', records: [record] });
    expect(await socket.next('error')).toMatchObject({ code: 'forbidden', request: 'another-request' });
    expect(socket.closed).toBeUndefined();
  });

  it('who only looks from now on keeps no lock: neither of a connection, nor one that waits for another', async () => {
    const person = await cluster.addPerson('Lea Leser', { workspace: cluster.workspace, role: 'editor' });
    const [other = 0] = await cluster.addRecords(1, { first: 50 });
    const gone = await live(0, person);
    gone.send({ type: 'lock', request: 'first', records: [other] });
    await gone.next('lock-granted');
    // As a line that breaks: the lock waits for its client.
    gone.close(3000);
    const socket = await live(1, person);
    socket.send({ type: 'lock', request: 'second', records: [record] });
    await socket.next('lock-granted');
    const held = async () => {
      const answer = await call(`/workspaces/${cluster.workspace}/locks`, { as: team.viewer });
      return ((await answer.json()) as { locks: { user: string }[] }).locks.length;
    };
    await eventually(async () => expect(await held()).toBe(2));
    await eventually(async () =>
      expect(
        (await cluster.redis.command('HVALS', `${cluster.redisPrefix}:{${cluster.workspace}}:locks`)) as string[],
      ).toContainEqual(expect.stringContaining('"orphaned":true')),
    );
    const json = { role: 'viewer' };
    await call(member(person.id), { as: team.admin, method: 'PATCH', json, headers: { 'if-match': '"1"' } });
    const actedAt = performance.now();
    await eventually(async () => expect(await held()).toBe(0));
    expect(performance.now() - actedAt).toBeLessThan(AT_ONCE_MS);
    expect(await socket.next('role')).toMatchObject({ role: 'viewer' });
    socket.send({ type: 'lock', request: 'third', records: [record] });
    expect(await socket.next('error')).toMatchObject({ code: 'forbidden', request: 'third' });
  });

  it('archived: everybody of the workspace', async () => {
    const workspace = await cluster.addWorkspace('Altklinik');
    const anna = await cluster.addPerson('Anna Alt', { workspace, role: 'editor' });
    const socket = await live(1, anna, workspace);
    await call(`/administration/workspaces/${workspace}`, {
      as: team.installation,
      method: 'PATCH',
      json: { isArchived: true },
      headers: { 'if-match': '"1"' },
    });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
    await expectProblem(await call(`/workspaces/${workspace}/members`, { as: anna }), 'workspace-not-found');
  });

  it('P6 a socket ends with the membership that it stands on', async () => {
    const guest = await cluster.addPerson('Gast Kurz', { workspace: cluster.workspace, role: 'editor' });
    const socket = await live(0, guest);
    await cluster.sql(`update members set expires_at = now() + interval '1 second' where user_id = $1`, [guest.id]);
    expect(await socket.closeCode()).toBe(CLOSE_CODES.forbidden);
    expect(await statusOf(1, guest)).toBe(404);
  });
});

it('P53 screens on every node hear that somebody was administered, those of other workspaces too', async () => {
  const elsewhere = await cluster.addWorkspace('Nachbarklinik');
  const neighbour = await cluster.addPerson('Nils Nachbar', { workspace: elsewhere, role: 'viewer' });
  const screens = [await live(0, team.viewer), await live(1, team.editor), await live(1, neighbour, elsewhere)];
  const seen = screens.map(({ messages }) => messages.length);
  const json = { email: 'neu@klinik.example', role: 'viewer' };
  const path = `/administration/workspaces/${cluster.workspace}/invitations`;
  expect((await call(path, { as: team.admin, method: 'POST', json })).status).toBe(201);
  await eventually(() => {
    for (const [index, { messages }] of screens.entries())
      expect(messages.slice(seen[index]).map(({ type }) => type)).toContain('administration');
  });
});

it('P55 what a client says that its person may do follows their membership, without another connection', async () => {
  const moved = await cluster.addPerson('Rolf Rolle', { workspace: cluster.workspace, role: 'viewer' });
  const client = cluster.client(moved, { node: 1 });
  const seen: string[] = [];
  client.onConnection(() => seen.push(client.connection.name));
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  expect(client.session?.role).toBe('viewer');
  const before = seen.length;
  const json = { role: 'editor' };
  const path = `/administration/workspaces/${cluster.workspace}/members/${moved.id}`;
  const changed = await call(path, { as: team.admin, method: 'PATCH', json, headers: { 'if-match': '"1"' } });
  expect(changed.status).toBe(200);
  await eventually(() => expect(client.session?.role).toBe('editor'));
  expect(new Set(seen.slice(before))).toEqual(new Set(['live']));
});

it('P53 a client tells whoever shows people that they were administered', async () => {
  const client = cluster.client(team.viewer, { node: 1 });
  let heard = 0;
  client.onAdministration(() => {
    heard += 1;
  });
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  const change = { name: 'Ina Thal-Berg' };
  const path = `/administration/accounts/${team.installation.id}`;
  await call(path, { as: team.installation, method: 'PATCH', json: change });
  await eventually(() => expect(heard).toBeGreaterThan(0));
});
