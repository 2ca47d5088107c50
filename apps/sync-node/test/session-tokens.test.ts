import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CLOSE_CODES, DEVICE_CLIENT, SESSION_KIND_HEADER, SHARED_HEADER } from '@meldesync/protocol';
import { connectRaw, expectProblem, startCluster } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { hashToken, newSessionToken, signToken } from '../src/auth/session-tokens.ts';
import { callNode, helloTo, signInAt, socketOutcome } from './sessions-setup.ts';

const MIGRATION = new URL('../../../packages/db/migrations/0019_people.sql', import.meta.url);
const NEXT = 'the secret of the next key, of thirty-two characters and more';

let first = '';
/** The first node has the secret of all, the second another and keeps the sessions of the first, the third keeps none. */
const cluster = await startCluster({
  nodes: 3,
  worker: false,
  sessionsOfNode: (node, authSecret) => {
    first = authSecret;
    if (node === 1) return { authSecret: NEXT, previousAuthSecrets: [authSecret] };
    return node === 2 ? { authSecret: NEXT } : {};
  },
});
afterAll(() => cluster[Symbol.asyncDispose]());

const COOKIE = 'meldesync.session_token';
const addPerson = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const me = (node: number, headers: Record<string, string>) => callNode(cluster, node, '/api/v1/me', { headers });
const storedToken = async (userId: string) => {
  const rows = await cluster.sql('select token, key_id from auth.session where user_id = $1', [userId]);
  return rows as { token: string; key_id: string | null }[];
};

describe('what the table holds of a session', () => {
  it('opens nothing, as a bearer token, as a cookie, or for a socket, signed by somebody else or not at all', async () => {
    const anna = await addPerson('Anna');
    const token = (await storedToken(anna.id))[0]?.token ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const forged = signToken(token, 'a secret of somebody else, thirty-two characters');
    // Not even who knows the secret makes a session of it.
    const signed = signToken(token, first);
    for (const value of [token, forged, signed]) {
      for (const headers of [
        { authorization: `Bearer ${value}` },
        { cookie: `${COOKIE}=${encodeURIComponent(value)}` },
      ] as Record<string, string>[]) {
        await expectProblem(await me(0, headers), 'unauthenticated');
        const session = await callNode(cluster, 0, '/api/auth/get-session', { headers });
        expect(await session.json()).toBeNull();
        expect(await socketOutcome(cluster, 0, { headers: { origin: cluster.url(0), ...headers } })).toBe('refused');
      }
    }
  });

  it('a token without its signature is refused everywhere', async () => {
    const anna = await addPerson('Anna Ohne');
    const [bare = ''] = anna.token.split('.');
    for (const headers of [{ authorization: `Bearer ${bare}` }, { cookie: `${COOKIE}=${bare}` }] as Record<
      string,
      string
    >[]) {
      await expectProblem(await me(0, headers), 'unauthenticated');
      expect(await socketOutcome(cluster, 0, { headers: { origin: cluster.url(0), ...headers } })).toBe('refused');
    }
    expect((await me(0, { authorization: `Bearer ${anna.token}` })).status).toBe(200);
  });

  it('is the SHA-256 of what its person has, also of a session of the release before, whom the migration leaves signed in', async () => {
    const anna = await addPerson('Anna Alt');
    const [bare = ''] = anna.token.split('.');
    expect((await storedToken(anna.id))[0]?.token).toBe(hashToken(bare));
    await cluster.sql('update auth.session set token = $2, key_id = null where user_id = $1', [anna.id, bare]);
    await expectProblem(await me(0, { authorization: `Bearer ${anna.token}` }), 'unauthenticated');
    const migration = await readFile(MIGRATION, 'utf8');
    const [, statement = ''] = /(UPDATE auth\.session SET token = [^;]+);/.exec(migration) ?? [];
    await cluster.sql(`${statement} WHERE user_id = $1`, [anna.id]);
    expect((await me(0, { authorization: `Bearer ${anna.token}` })).status).toBe(200);
  });
});

describe('a secret that is replaced', () => {
  it('keeps its sessions where it is listed, and signs them anew', async () => {
    const ben = await addPerson('Ben');
    const { cookie } = await signInAt(cluster, 0, ben, { [SESSION_KIND_HEADER]: 'browser' });
    const kept = await me(1, { cookie });
    expect(kept.status).toBe(200);
    const renewed = kept.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(kept.headers.get('set-cookie')).toMatch(/; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(renewed).not.toBe(cookie);
    // The new signature counts where the old key is gone, the old one does not.
    expect((await me(2, { cookie: renewed })).status).toBe(200);
    await expectProblem(await me(2, { cookie }), 'unauthenticated');
    const again = await me(1, { cookie: renewed });
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('lets a terminal in through a session that is not signed anew yet', async () => {
    const ben = await addPerson('Ben Gerät');
    const { cookie } = await signInAt(cluster, 0, ben, { [SESSION_KIND_HEADER]: 'browser' });
    const json = { client_id: DEVICE_CLIENT };
    const asked = await callNode(cluster, 1, '/api/auth/device/code', { method: 'POST', json });
    const { user_code: code } = (await asked.json()) as { user_code: string };
    const call = { method: 'POST', headers: { origin: cluster.url(1), cookie }, json: { code } };
    expect((await callNode(cluster, 1, '/api/v1/device-sign-ins/look', call)).status).toBe(200);
    expect((await callNode(cluster, 1, '/api/v1/device-sign-ins/allow', call)).status).toBe(204);
  });

  it('gives a terminal its token anew', async () => {
    const ben = await addPerson('Ben Terminal');
    const kept = await me(1, { authorization: `Bearer ${ben.token}` });
    const renewed = kept.headers.get('set-auth-token') ?? '';
    expect((await me(2, { authorization: `Bearer ${renewed}` })).status).toBe(200);
    expect(await socketOutcome(cluster, 2, { token: renewed })).toBe('welcomed');
  });

  it('signs a person out through what is kept, by cookie and by token', async () => {
    const ben = await addPerson('Ben Geht');
    for (const how of ['cookie', 'token']) {
      const signedIn = await signInAt(cluster, 0, ben);
      const headers: Record<string, string> =
        how === 'cookie' ? { cookie: signedIn.cookie } : { authorization: `Bearer ${signedIn.person.token}` };
      const left = await callNode(cluster, 1, '/api/auth/sign-out', {
        method: 'POST',
        headers: { origin: cluster.url(1), ...headers },
        json: {},
      });
      expect(left.status).toBe(200);
      expect(await cluster.sql('select id from auth.session where id = $1', [signedIn.session])).toEqual([]);
    }
  });

  it('ends its sessions where it is not listed, whoever signs for them', async () => {
    const ben = await addPerson('Ben Fort');
    await expectProblem(await me(2, { authorization: `Bearer ${ben.token}` }), 'unauthenticated');
    expect(await socketOutcome(cluster, 2, { token: ben.token })).toBe('refused');
    // Signed with the present secret, but begun with the one that is gone.
    const [bare = ''] = ben.token.split('.');
    await expectProblem(await me(2, { authorization: `Bearer ${signToken(bare, NEXT)}` }), 'unauthenticated');
    expect((await me(0, { authorization: `Bearer ${ben.token}` })).status).toBe(200);
  });
});

describe('a token of a program', () => {
  const insert = async (userId: string, { maxRole = 'editor', workspace = cluster.workspace } = {}) => {
    const made = newSessionToken(first);
    await cluster.sql(
      `insert into auth.session (id, user_id, token, key_id, kind, label, max_role, workspace_id, expires_at,
         created_at, last_input_at)
       values (gen_random_uuid()::text, $1, $2, $3, 'service', 'Export', $4, $5, now() + interval '100 days',
         now() - interval '200 days', now() - interval '200 days')`,
      [userId, made.hash, made.keyId, maxRole, workspace],
    );
    return made.token;
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('lasts until its end and is used for its workspace alone, with its role at most', async () => {
    const robot = await cluster.addPerson('Robot', { workspace: cluster.workspace, role: 'admin' });
    const other = await cluster.addWorkspace('Anderswo');
    await cluster.sql(`insert into members (workspace_id, user_id, role) values ($1, $2, 'admin')`, [other, robot.id]);
    const token = await insert(robot.id, { maxRole: 'viewer' });
    const answer = (await (await me(0, bearer(token))).json()) as { workspaces: { id: string; role: string }[] };
    expect(answer.workspaces).toEqual([expect.objectContaining({ id: cluster.workspace, role: 'viewer' })]);
    const at = (workspace: string, path: string, call = {}) =>
      callNode(cluster, 0, `/api/v1/workspaces/${workspace}${path}`, { headers: bearer(token), ...call });
    expect((await at(cluster.workspace, '/members')).status).toBe(200);
    await expectProblem(await at(other, '/members'), 'workspace-not-found');
    const json = { operation: crypto.randomUUID(), items: [{ record: 1, baseVersion: 1, set: { note: 'a' } }] };
    await expectProblem(await at(cluster.workspace, '/edits', { method: 'POST', json }), 'forbidden');
    await expectProblem(await callNode(cluster, 0, '/api/v1/operations', { headers: bearer(token) }), 'forbidden');
    expect(await socketOutcome(cluster, 0, { token })).toBe('welcomed');
  });

  it('is nothing to the sign-in, nor to the sessions of its account, and nothing unsigned', async () => {
    const robot = await addPerson('Robot 2');
    const token = await insert(robot.id);
    const session = await callNode(cluster, 0, '/api/auth/get-session', { headers: bearer(token) });
    expect(await session.json()).toBeNull();
    for (const [method, path] of [
      ['GET', '/me/sessions'],
      ['DELETE', '/me/sessions'],
      ['DELETE', `/me/sessions/${robot.id}`],
    ] as const)
      await expectProblem(
        await callNode(cluster, 0, `/api/v1${path}`, { method, headers: bearer(token) }),
        'forbidden',
      );
    const [bare = ''] = token.split('.');
    await expectProblem(await me(0, bearer(bare)), 'unauthenticated');
  });
});

describe('how a session begins', () => {
  it('a browser gets no token but its cookie, a terminal its signed one in a header', async () => {
    const clara = await addPerson('Clara');
    const browser = await signInAt(cluster, 0, clara, { [SESSION_KIND_HEADER]: 'browser' });
    expect(browser.response.headers.get('set-auth-token')).toBeNull();
    expect(await browser.response.json()).not.toHaveProperty('token');
    const terminal = await signInAt(cluster, 0, clara);
    expect(await terminal.response.json()).not.toHaveProperty('token');
    expect((await me(0, { authorization: `Bearer ${terminal.person.token}` })).status).toBe(200);
    const rows = await cluster.sql('select kind from auth.session where id = any($1)', [
      [browser.session, terminal.session],
    ]);
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['browser', 'terminal']));
  });

  it('on a device that others use, also where that was said some requests before', async () => {
    const clara = await addPerson('Clara Geteilt');
    const shared = await signInAt(cluster, 0, clara, { [SHARED_HEADER]: '1' });
    const isShared = async (session: string) =>
      (await cluster.sql('select is_shared from auth.session where id = $1', [session]))[0]?.['is_shared'];
    expect(await isShared(shared.session)).toBe(true);
    const said = shared.response.headers.getSetCookie().find((cookie) => cookie.startsWith('meldesync.shared='));
    expect(said).toMatch(/HttpOnly/);
    const later = await signInAt(cluster, 0, clara, { cookie: said?.split(';')[0] ?? '' });
    expect(await isShared(later.session)).toBe(true);
    const own = await signInAt(cluster, 0, clara, { [SHARED_HEADER]: '0', cookie: said?.split(';')[0] ?? '' });
    expect(await isShared(own.session)).toBe(false);
  });

  it('in the place of the one that the browser had, which ends; one that fails ends none, nor does it end a terminal’s', async () => {
    const [anna, ben] = [await addPerson('Anna Vorher'), await addPerson('Ben Nachher')];
    const browser = { [SESSION_KIND_HEADER]: 'browser' };
    const former = await signInAt(cluster, 0, anna, browser);
    const { cookie } = former;
    await using socket = await connectRaw(cluster.url(0), { headers: { origin: cluster.url(0), cookie } });
    socket.send(helloTo(cluster));
    await socket.next('welcome');
    const failed = await callNode(cluster, 0, '/api/auth/sign-in/email', {
      method: 'POST',
      headers: { origin: cluster.url(0), cookie },
      json: { email: ben.email, password: 'not his' },
    });
    expect(failed.status).toBe(401);
    expect((await me(0, { cookie })).status).toBe(200);

    const next = await signInAt(cluster, 0, ben, { ...browser, cookie });
    expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
    await expectProblem(await me(0, { cookie }), 'unauthenticated');
    expect(await (await me(0, { cookie: next.cookie })).json()).toMatchObject({ user: { id: ben.id } });
    expect(
      await cluster.sql(`select actor, address, before from events where subject = $1 and kind = 'session-ended'`, [
        `session:${former.session}`,
      ]),
    ).toEqual([{ actor: 'system', address: '127.0.0.1', before: { user: anna.id, kind: 'browser' } }]);

    const terminal = await signInAt(cluster, 0, anna);
    await signInAt(cluster, 0, ben, { ...browser, authorization: `Bearer ${terminal.person.token}` });
    await signInAt(cluster, 0, ben, { ...browser, cookie: terminal.cookie });
    expect((await me(0, { authorization: `Bearer ${terminal.person.token}` })).status).toBe(200);
  });

  it('not for an account that is disabled, or a program’s', async () => {
    for (const change of [`disabled_at = now()`, `kind = 'service'`]) {
      const dora = await addPerson(`Dora ${change}`);
      await cluster.sql(`update auth."user" set ${change} where id = $1`, [dora.id]);
      const refused = await callNode(cluster, 0, '/api/auth/sign-in/email', {
        method: 'POST',
        headers: { origin: cluster.url(0) },
        json: { email: dora.email, password: dora.password },
      });
      expect(refused.status).toBe(401);
    }
  });

  it('is on record, and so is its end', async () => {
    const ella = await addPerson('Ella');
    const { person, session } = await signInAt(cluster, 0, ella);
    await callNode(cluster, 0, '/api/auth/sign-out', { method: 'POST', as: person, json: {} });
    const events = await cluster.sql(
      'select kind, actor, session_id, address, after from events where subject = $1 order by id',
      [`session:${session}`],
    );
    const actor = `user:${ella.id}`;
    expect(events).toMatchObject([
      { kind: 'session-started', actor, session_id: session, address: '127.0.0.1', after: { kind: 'terminal' } },
      { kind: 'session-ended', actor, session_id: session, address: '127.0.0.1', after: null },
    ]);
  });
});

it('signs as better-auth does', () => {
  const right = createHmac('sha256', NEXT).update('token').digest('base64');
  expect(signToken('token', NEXT)).toBe(`token.${right}`);
});
