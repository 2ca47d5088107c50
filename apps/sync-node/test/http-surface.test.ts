import { connect } from 'node:net';
import { API_PREFIX, ERROR_CATALOGUE } from '@meldesync/protocol';
import { cookieOf, eventually, expectProblem, readMetrics, sumOf } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const STRANGER = 'https://elsewhere.example';
const UNKNOWN_WORKSPACE = '00000000-0000-4000-8000-000000000000';

const { cluster, anna, record, call, inWorkspace } = await setUpApi();
const ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });

describe('addresses that do not exist', () => {
  it.each([
    '/api',
    '/api/',
    '/api/v2/me',
    '/api/openapi.yaml',
    '/nothing',
    '/../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('%s', async (path) => {
    await expectProblem(await call(path), 'not-found');
  });

  it.each<[string, () => string]>([
    ['GET', () => `${API_PREFIX}/nothing`],
    ['GET', () => inWorkspace('/nothing')],
    ['PUT', () => inWorkspace('/nothing')],
  ])('%s of a path that is none', async (method, path) => {
    await expectProblem(await call(path(), { method }), 'not-found');
  });

  it('R1.4 a workspace is named in one way only: other spellings would be other workspaces to Redis', async () => {
    await expectProblem(await call(inWorkspace('/records', cluster.workspace.toUpperCase())), 'workspace-not-found');
  });

  it('a workspace in the path is asked for before anything else of it', async () => {
    await expectProblem(await call(inWorkspace('/nothing', UNKNOWN_WORKSPACE)), 'workspace-not-found');
  });
});

describe('language', () => {
  it.each([
    ['de', 'de'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['de-DE,de;q=0.9,en;q=0.8', 'de'],
    ['fr, en;q=0.5', 'en'],
    ['de ; q=0.5, en; Q=0.9', 'en'],
    ['en;q=0.1, de;q=0.2', 'de'],
    ['fr', 'de'],
    ['*', 'de'],
    ['', 'de'],
    [';;;q=,', 'de'],
  ] as const)('Accept-Language "%s" is answered in %s', async (accepted, language) => {
    const response = await call('/api/nothing', { headers: { 'accept-language': accepted } });
    expect(response.headers.get('content-language')).toBe(language);
    expect(await expectProblem(response, 'not-found')).toMatchObject({ title: ERROR_CATALOGUE['not-found'][language] });
  });
});

describe('a page that was left open while somebody else signed in (P48)', () => {
  const asBen = async () => ({
    cookie: await cookieOf(cluster, ben),
    origin: cluster.url(),
    'meldesync-person': anna.id,
  });

  it('reads and changes nothing', async () => {
    const headers = await asBen();
    const edit = {
      method: 'PATCH',
      json: { note: 'whose' },
      headers: { ...headers, 'if-match': '"1"' },
      as: undefined,
    };
    await expectProblem(await call(inWorkspace(`/records/${record}`), edit), 'signed-in-as-another');
    await expectProblem(await call(`${API_PREFIX}/me`, { headers, as: undefined }), 'signed-in-as-another');
    expect(
      (await call(`${API_PREFIX}/me`, { headers: { ...headers, 'meldesync-person': ben.id }, as: undefined })).status,
    ).toBe(200);
  });

  it('brings no file, however large', async () => {
    const body = new FormData();
    body.append('file', new Blob(['x'.repeat(2 * 1024 * 1024)]), 'large.csv');
    const upload = { method: 'POST', body, headers: await asBen(), as: undefined };
    await expectProblem(await call(inWorkspace('/imports'), upload), 'signed-in-as-another');
  });

  it("ends nobody else's session, but lets anybody sign in", async () => {
    const headers = await asBen();
    const send = (path: string, json: unknown) =>
      call(`/api/auth${path}`, { method: 'POST', json, headers, as: undefined });
    await expectProblem(await send('/sign-out', {}), 'signed-in-as-another');
    expect((await call(`${API_PREFIX}/me`, { headers: { cookie: headers.cookie }, as: undefined })).status).toBe(200);
    expect((await send('/sign-in/email', { email: anna.email, password: anna.password })).status).toBe(200);
  });
});

describe('pages of others', () => {
  const EDIT = { json: { note: 'from elsewhere' }, headers: { 'if-match': '"1"' }, method: 'PATCH' };

  it('cannot use the cookie to change something, our own can', async () => {
    const headers = { ...EDIT.headers, cookie: await cookieOf(cluster, anna) };
    const path = inWorkspace(`/records/${record}`);
    const send = (more: Record<string, string>): Promise<Response> =>
      call(path, { ...EDIT, as: undefined, headers: { ...headers, ...more } });
    await expectProblem(await send({ origin: STRANGER }), 'foreign-origin');
    await expectProblem(await send({ origin: 'null' }), 'foreign-origin');
    await expectProblem(await send({}), 'foreign-origin');
    expect((await send({ origin: cluster.url() })).status).toBe(200);
  });

  it('cannot read with it: no answer allows another origin', async () => {
    const response = await call(`${API_PREFIX}/me`, {
      as: undefined,
      headers: { cookie: await cookieOf(cluster, anna), origin: STRANGER },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('the cookie is for this site alone and out of reach of scripts', async () => {
    const response = await call('/api/auth/sign-in/email', {
      as: undefined,
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email: anna.email, password: anna.password },
    });
    const [set] = response.headers.getSetCookie();
    expect(set).toMatch(/^meldesync\.session_token=/);
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/SameSite=Lax/i);
  });
});

it('who comes in by a link hears that a request is too large, not that they should sign in', async () => {
  const json = { secret: 'x'.repeat(20_000) };
  for (const path of ['/invitations/look', '/invitations/accept', '/password-links/use', '/set-up'])
    await expectProblem(
      await call(`${API_PREFIX}${path}`, { as: undefined, method: 'POST', json }),
      'payload-too-large',
    );
});

describe('signing in', () => {
  const signIn = (json: unknown) =>
    call('/api/auth/sign-in/email', { as: undefined, method: 'POST', headers: { origin: cluster.url() }, json });

  it('needs the right password, and does not say which part was wrong', async () => {
    const wrong = await signIn({ email: anna.email, password: 'wrong-wrong-wrong' });
    const unknown = await signIn({ email: 'nobody@test.example', password: 'wrong-wrong-wrong' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  it('nobody signs up by themselves', async () => {
    const response = await call('/api/auth/sign-up/email', {
      as: undefined,
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email: 'new@test.example', password: 'long-enough-password', name: 'New' },
    });
    await expectProblem(response, 'not-found');
    expect(await cluster.sql(`select 1 from auth."user" where email = 'new@test.example'`)).toEqual([]);
  });

  it('a session that was signed out is over for the API too', async () => {
    const leaving = await cluster.addPerson('Lea', { workspace: cluster.workspace, role: 'editor' });
    expect((await call(`${API_PREFIX}/me`, { as: leaving })).status).toBe(200);
    await cluster.sql('delete from auth.session where user_id = $1', [leaving.id]);
    await expectProblem(await call(`${API_PREFIX}/me`, { as: leaving }), 'unauthenticated');
  });
});

it('R5.4 who asks for what their role may not is counted, by the route', async () => {
  await expectProblem(
    await call(inWorkspace('/audit/export'), { method: 'POST', json: { format: 'csv' } }),
    'forbidden',
  );
  const refused = { http_route: '/api/v1/workspaces/{workspace}/audit/export', http_response_status_code: '403' };
  const metrics = await readMetrics(cluster.nodes[0]);
  expect(sumOf(metrics, 'http_server_request_duration_seconds_count', refused)).toBe(1);
});

describe('every answer', () => {
  it.each([
    '/healthz',
    '/readyz',
    '/api/openapi.json',
    '/api/v1/me',
    '/api/nothing',
    '/nothing',
    '/api/auth/get-session',
  ])('%s keeps the browser from doing what no page needs', async (path) => {
    const { headers } = await call(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('of the API is kept by nobody', async () => {
    for (const path of ['/me', '/workspaces/x/records']) {
      expect((await call(`${API_PREFIX}${path}`)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('to HEAD has no body', async () => {
    const response = await call(`${API_PREFIX}/me`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});

describe('what is hardly HTTP', () => {
  /** Sends bytes as they are; what came back until the connection ended or was silent for a moment. */
  function exchange(bytes: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(cluster.url()).port), '127.0.0.1');
      let received = '';
      socket.setTimeout(200, () => socket.destroy());
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve(received));
      socket.write(bytes.includes('\u20ac') ? bytes : Buffer.from(bytes, 'latin1'));
    });
  }

  it.each([
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: ][\r\n\r\n', '200'],
    ['a host with a path in it', 'GET /healthz HTTP/1.1\r\nHost: a/api?\r\n\r\n', '200'],
    ['two slashes', 'GET //elsewhere.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n', '404'],
    ['backslashes', 'GET /\\..\\healthz HTTP/1.1\r\nHost: a\r\n\r\n', ''],
    ['escapes that are none', 'GET /%zz?%zz=%20 HTTP/1.1\r\nHost: a\r\n\r\n', '404'],
    ['escapes that are no text', 'GET /%zz?%zz=%ff HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['bytes that are no text', 'GET /a\xffb HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['HTTP of before', 'GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n', '505'],
    ['TRACE', 'TRACE /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n', '405'],
    ['CONNECT', 'CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n', '404'],
    ['a method that is no word', 'FOO@ / HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['a header in UTF-8', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: \u20ac\r\n\r\n', '200'],
    ['a header with a space', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n', ''],
    ['a body of GET', 'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', '200'],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', ''],
    ['the address of a proxy', 'GET http://elsewhere.example/ HTTP/1.1\r\nHost: a\r\n\r\n', ''],
    ['a body that never ends', 'POST /api/v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello', ''],
    ['a file that never ends', 'POST /api/v1/x/imports HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello', ''],
    ['a chunk that is none', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', ''],
    ['no HTTP at all', '\u0000\u0001\u0002\r\n\r\n', ''],
  ])('%s does not end the node', async (_, bytes, status) => {
    const answer = await exchange(bytes);
    if (status) expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await call('/healthz')).status).toBe(200);
  });
});

describe('health', () => {
  it('R1.5 R5.4 a node is usable while Postgres answers, live while canaries come, and says what is missing', async () => {
    const admin = `http://127.0.0.1:${cluster.nodes[0]?.adminPort}`;
    for (const origin of [cluster.url(), admin]) {
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      expect((await fetch(`${origin}/readyz`)).status).toBe(200);
      await eventually(async () => expect((await fetch(`${origin}/readyz?live`)).status).toBe(200));
      expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({ usable: true, live: true, missing: [] });
    }
    const metrics = await readMetrics(cluster.nodes[0]);
    const answered = { http_route: '/readyz', http_request_method: 'GET', http_response_status_code: '200' };
    expect(sumOf(metrics, 'http_server_request_duration_seconds_count', answered)).toBeGreaterThan(0);
    expect(metrics.some(({ name }) => name === 'meldesync_canary_age_seconds')).toBe(true);
    expect((await fetch(`${admin}/nothing`)).status).toBe(404);
    await cluster.redis.kill();
    await eventually(async () => {
      const response = await fetch(`${cluster.url()}/readyz?live`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        usable: true,
        live: false,
        missing: [expect.stringContaining('canary')],
      });
    });
    // The API needs Postgres alone, and a balancer keeps the node.
    expect((await fetch(`${cluster.url()}/readyz`)).status).toBe(200);
    expect((await call(`${API_PREFIX}/me`)).status).toBe(200);
    await cluster.redis.start();
    await eventually(async () => expect((await fetch(`${cluster.url()}/readyz?live`)).status).toBe(200));
  });
});
