import { type AskingTerminal, DEVICE_CLIENT } from '@meldesync/protocol';
import { type Cluster, callHttp, expectProblem, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAt } from './sessions-setup.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const AGENT = 'meldesync/1.2.3 (Linux; desk-7)';

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, relay: false, worker: false });
  anna = await cluster.addPerson('Anna Albers', { workspace: cluster.workspace, role: 'editor' });
  ben = await cluster.addPerson('Ben Brandt');
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

interface Asked {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

async function ask(json: object = { client_id: DEVICE_CLIENT }): Promise<Response> {
  return await callHttp(cluster, '/api/auth/device/code', { method: 'POST', json, headers: { 'user-agent': AGENT } });
}

const asked = async (): Promise<Asked> => (await (await ask()).json()) as Asked;

function poll(device: string): Promise<Response> {
  return callHttp(cluster, '/api/auth/device/token', {
    method: 'POST',
    headers: { 'user-agent': AGENT },
    json: {
      grant_type: GRANT,
      device_code: device,
      client_id: DEVICE_CLIENT,
    },
  });
}

function decide(act: 'look' | 'allow' | 'deny', code: string, as?: TestPerson): Promise<Response> {
  return callHttp(cluster, `/api/v1/device-sign-ins/${act}`, { method: 'POST', as, json: { code } });
}

/** The next poll may come at once, as if the interval had passed. */
const passInterval = () => cluster.sql('update auth.device_code set last_polled_at = null');

describe('sign-in of a terminal (RFC 8628)', () => {
  it('shows a short code and where to confirm it, ten minutes long', async () => {
    const answer = await asked();
    expect(answer).toMatchObject({ expires_in: 600, interval: 5, verification_uri: `${cluster.url()}/device` });
    expect(answer.verification_uri_complete).toBe(`${cluster.url()}/device#${answer.user_code}`);
    expect(answer.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  });

  it('tells who decides which terminal asks, and signs it in as them', async () => {
    const { device_code, user_code } = await asked();
    const pending = await poll(device_code);
    expect(pending.status).toBe(400);
    expect(await pending.json()).toMatchObject({ error: 'authorization_pending' });

    // As a person types it: in small letters, with a dash.
    const typed = `${user_code.slice(0, 4)}-${user_code.slice(4)}`.toLowerCase();
    const shown = (await (await decide('look', typed, anna)).json()) as AskingTerminal;
    expect(shown).toMatchObject({ userAgent: AGENT, address: '127.0.0.1' });
    expect((await decide('allow', typed, anna)).status).toBe(204);

    await passInterval();
    const answer = await poll(device_code);
    expect(answer.status).toBe(200);
    const { access_token: token } = (await answer.json()) as { access_token: string };
    // Signed: what the table holds opens nothing.
    expect(token).toContain('.');
    const me = await callHttp(cluster, '/api/v1/me', { as: { ...anna, token } });
    expect(await me.json()).toMatchObject({ user: { id: anna.id } });
    const sessions = await cluster.sql('select kind, user_agent from auth.session where user_agent = $1', [AGENT]);
    expect(sessions).toEqual([{ kind: 'terminal', user_agent: AGENT }]);
    // A code works once.
    await passInterval();
    expect(await (await poll(device_code)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('is asked for by a code that the database does not hold', async () => {
    const { device_code, user_code } = await asked();
    expect((await decide('allow', user_code, anna)).status).toBe(204);
    const [kept] = await cluster.sql('select device_code from auth.device_code where user_code = $1', [user_code]);
    expect(kept?.['device_code']).not.toContain(device_code);
    expect(await (await poll(String(kept?.['device_code']))).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await poll(device_code)).status).toBe(200);
  });

  it.each([
    ['in which it was let in', '?all=1'],
    ['in which it was let in, by another of its person,', ''],
  ])('opens nothing once the session %s was ended before it asked', async (_, query) => {
    const person = await cluster.addPerson('Dora Dieb');
    const { device_code, user_code } = await asked();
    expect((await decide('allow', user_code, person)).status).toBe(204);
    const another = query === '' ? (await signInAt(cluster, 0, person)).person : person;
    const ended = await callHttp(cluster, `/api/v1/me/sessions${query}`, { method: 'DELETE', as: another });
    expect(await ended.json()).toEqual({ ended: 1 });
    expect(await (await poll(device_code)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('proves nothing: who is let in has proved who they are when who let them in did', async () => {
    const person = await cluster.addPerson('Petra Proof');
    const { device_code, user_code } = await asked();
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '16 minutes' where user_id = $1`, [
      person.id,
    ]);
    expect((await decide('allow', user_code, person)).status).toBe(204);
    expect((await poll(device_code)).status).toBe(200);
    expect(
      await cluster.sql(
        `select count(*)::int as sessions, max(authenticated_at) < now() - interval '15 minutes' as is_old
           from auth.session where user_id = $1`,
        [person.id],
      ),
    ).toEqual([{ sessions: 2, is_old: true }]);
  });

  it('is asked for with a form, as any client of RFC 8628 does', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const send = async (path: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields).toString();
      return callHttp(cluster, `/api/auth/device/${path}`, { method: 'POST', headers, body });
    };
    const { device_code, user_code } = (await (await send('code', { client_id: DEVICE_CLIENT })).json()) as Asked;
    const question = { grant_type: GRANT, device_code, client_id: DEVICE_CLIENT };
    const pending = await send('token', question);
    expect([pending.status, await pending.json()]).toMatchObject([400, { error: 'authorization_pending' }]);
    expect((await decide('allow', user_code, anna)).status).toBe(204);
    await passInterval();
    expect(await (await send('token', question)).json()).toMatchObject({ token_type: 'Bearer' });
  });

  it.each<[string, object, string]>([
    ['another grant', { grant_type: 'password', device_code: 'x', client_id: DEVICE_CLIENT }, 'unsupported_grant_type'],
    ['no code', { grant_type: GRANT, client_id: DEVICE_CLIENT }, 'invalid_request'],
    ['nothing', {}, 'unsupported_grant_type'],
    ['another client', { grant_type: GRANT, device_code: 'x', client_id: 'other' }, 'invalid_grant'],
  ])('is refused a question with %s in the words of RFC 6749', async (_, json, error) => {
    const answer = await callHttp(cluster, '/api/auth/device/token', { method: 'POST', json });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error }]);
  });

  it.each([
    ['application/json', '{'],
    ['application/json', '[]'],
    ['text/plain', 'client_id=meldesync'],
  ])('is refused what cannot be read alike: %s %s', async (type, body) => {
    for (const path of ['code', 'token']) {
      const call = { method: 'POST', headers: { 'content-type': type }, body };
      const answer = await callHttp(cluster, `/api/auth/device/${path}`, call);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    }
  });

  it('turns a terminal away', async () => {
    const { device_code, user_code } = await asked();
    expect((await decide('deny', user_code, anna)).status).toBe(204);
    expect(await (await poll(device_code)).json()).toMatchObject({ error: 'access_denied' });
  });

  it('asks a terminal that polls too fast to slow down', async () => {
    const { device_code } = await asked();
    await poll(device_code);
    expect(await (await poll(device_code)).json()).toMatchObject({ error: 'slow_down' });
  });

  it('ends with the code', async () => {
    const { device_code, user_code } = await asked();
    await cluster.sql(`update auth.device_code set expires_at = now() - interval '1 second' where user_code = $1`, [
      user_code,
    ]);
    await expectProblem(await decide('allow', user_code, anna), 'device-code-expired');
    expect(await (await poll(device_code)).json()).toMatchObject({ error: 'expired_token' });
  });

  it('is decided on once, by one person', async () => {
    const { user_code } = await asked();
    expect((await decide('look', user_code, anna)).status).toBe(200);
    await expectProblem(await decide('allow', user_code, ben), 'device-code-used');
    expect((await decide('deny', user_code, anna)).status).toBe(204);
    await expectProblem(await decide('allow', user_code, anna), 'device-code-used');
  });

  it('knows no other code, and nobody decides who is not signed in', async () => {
    await expectProblem(await decide('look', 'BBBBBBBB', anna), 'device-code-unknown');
    await expectProblem(await decide('allow', '----', anna), 'device-code-unknown');
    await expectProblem(await decide('allow', 'BBBBBBBB'), 'unauthenticated');
  });

  it('is not for a program to decide, whose rights are limited', async () => {
    const { user_code } = await asked();
    const program = await cluster.addPerson('Export', { workspace: cluster.workspace, role: 'editor' });
    await cluster.sql(`update auth.session set kind = 'service' where user_id = $1`, [program.id]);
    await expectProblem(await decide('allow', user_code, program), 'forbidden');
  });

  it('is for our terminal alone, which does not say for whom it asks', async () => {
    expect((await ask({ client_id: 'other' })).status).toBe(400);
    expect((await ask({ client_id: DEVICE_CLIENT, user_id: ben.id })).status).toBe(400);
  });

  it('is confirmed in no other way than ours, whose addresses hold no code', async () => {
    const { user_code } = await asked();
    for (const [method, path] of [
      ['GET', `/api/auth/device?user_code=${user_code}`],
      ['POST', '/api/auth/device/approve'],
      ['POST', '/api/auth/device/deny'],
    ] as const) {
      const json = method === 'POST' ? { json: { userCode: user_code } } : {};
      await expectProblem(await callHttp(cluster, path, { method, as: anna, ...json }), 'not-found');
    }
  });
});
