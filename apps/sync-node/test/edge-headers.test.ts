import { SHARED_HEADER, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import { callHttp, exchangeRaw, type HttpCall } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const BASE_URL = 'https://melde.klinik.example';
const { cluster, anna, call, inWorkspace } = await setUpApi({ baseUrl: BASE_URL });

const signIn = (headers: Record<string, string> = {}) =>
  callHttp(cluster, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: BASE_URL, ...headers },
    json: { email: anna.email, password: anna.password },
  });

const REQUIRED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'strict-transport-security': 'max-age=31536000',
};

/** Throws unless a browser is told all that it is to be told. */
function expectSecured(headers: Headers): void {
  expect(Object.fromEntries(headers)).toMatchObject(REQUIRED);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/connect-src 'self' wss:\/\/melde\.klinik\.example;/);
  expect(policy).not.toMatch(/unsafe-|[ ]wss?:[ ;]|\*/);
  expect(headers.get('cache-control')).not.toBeNull();
  for (const leak of ['server', 'x-powered-by', 'uwebsockets']) expect(headers.has(leak), leak).toBe(false);
}

describe('an answer of any kind', () => {
  it.each<[string, number, () => Promise<Response>]>([
    ['health', 200, () => call('/healthz')],
    ['readiness', 200, () => call('/readyz')],
    ['the description', 200, () => call('/api/openapi.json')],
    ['data', 200, () => call(inWorkspace('/records'))],
    ['a page of the snapshot', 200, () => call(inWorkspace('/snapshot'))],
    ['a file that is written as it is read', 403, () => call(inWorkspace('/audit/export'), post({ format: 'csv' }))],
    ['nothing there', 404, () => call('/nothing')],
    ['nobody', 401, () => call('/api/v1/me', { as: undefined })],
    [
      'a foreign page',
      403,
      () => call('/api/v1/me/active', { method: 'POST', headers: { origin: 'https://b.example' } }),
    ],
    [
      'a body that is no JSON',
      400,
      () => call(inWorkspace('/edits'), { method: 'POST', body: '{', headers: JSON_TYPE }),
    ],
    ['another media type', 415, () => call(inWorkspace('/imports'), { method: 'POST', body: 'x' })],
    ['a sign-in', 200, () => signIn()],
    [
      'a wrong sign-in',
      401,
      () => call('/api/auth/sign-in/email', { ...post({ email: 'a@b.example', password: 'x' }) }),
    ],
    ['HEAD', 200, () => call('/healthz', { method: 'HEAD' })],
  ])('%s', async (_, status, ask) => {
    const { headers, status: answered } = await ask();
    expect(answered).toBe(status);
    expectSecured(headers);
  });

  const head = (text: string) => `${text} HTTP/1.1\r\nHost: a\r\n`;
  const upgrade =
    `${head(`GET ${SYNC_PATH}`)}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`;

  it.each([
    ['a header that is no text', 400, `${head('GET /healthz')}X-A: a\x80b\r\n\r\n`],
    ['an end that is uncertain', 400, `${head('POST /x')}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`],
    ['a method that is none', 400, `${head('FOO@ /')}\r\n`],
    ['a body that is too large', 413, `${head('POST /api/auth/sign-in/email')}Content-Length: 20000\r\n\r\n`],
    ['an upgrade that cannot be read', 400, `${upgrade}X-A: a\x80b\r\n\r\n`],
    ['an upgrade of two lengths', 400, `${upgrade}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['who comes back from no provider', 302, `${head('GET /api/auth/callback/oidc?error=x')}\r\n`],
    ['the path of the socket, asked for without an upgrade', 404, `${head(`GET ${SYNC_PATH}`)}\r\n`],
  ])('on the wire: %s', async (_, status, bytes) => {
    const answer = await exchangeRaw(cluster.url(), bytes);
    expect(answer.status).toBe(status);
    expectSecured(headersOf(answer.text));
  });

  it('an upgrade says no more than it must', async () => {
    const { text, status } = await exchangeRaw(cluster.url(), `${upgrade}\r\n`);
    expect(status).toBe(101);
    expect(text).not.toMatch(/^(server|uwebsockets):/im);
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
function post(json: unknown): HttpCall {
  return { method: 'POST', json };
}

function headersOf(text: string): Headers {
  const lines = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n').slice(1);
  return new Headers(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
}

describe('data is kept by nobody', () => {
  it.each([
    '/api/v1/me',
    '/api/v1/entry',
    '/api/auth/get-session',
    '/api/auth/passkey/list-user-passkeys',
    '/readyz',
    '/healthz',
    '/nothing',
  ])('%s', async (path) => {
    expect((await call(path)).headers.get('cache-control')).toBe('no-store');
  });

  it('nor are records, history, members, files', async () => {
    for (const path of ['/records', '/snapshot', '/members', '/locks', '/conflicts', '/imports', '/checksum'])
      expect((await call(inWorkspace(path))).headers.get('cache-control'), path).toBe('no-store');
  });
});

describe('a cookie by https is of this very host', () => {
  const cookiesOf = (response: Response) => response.headers.getSetCookie();

  it('whatever sets it', async () => {
    const signedIn = await signIn({ [SHARED_HEADER]: '1' });
    const [session = ''] = cookiesOf(signedIn);
    const [cookie = ''] = session.split(';');
    const asPage: HttpCall = { as: undefined, headers: { cookie, origin: BASE_URL } };
    const answers = [
      signedIn,
      await call('/api/auth/passkey/generate-authenticate-options', { as: undefined }),
      await call('/api/v1/me/sessions?all=1', { ...asPage, method: 'DELETE' }),
      await call('/api/auth/sign-out', { ...asPage, ...post({}) }),
    ];
    const set = answers.flatMap(cookiesOf);
    expect(set.length).toBeGreaterThan(4);
    for (const line of set) {
      // The marks of a browser are for sign-in alone, and say nothing of who it is (ADR 38): such a path has no such prefix.
      const isMark = line.startsWith('meldesync.known=');
      if (!isMark) expect(line).toMatch(/^__Host-meldesync\./);
      expect(line).toMatch(isMark ? /; Path=\/api\/auth\/(;|$)/i : /; Path=\/(;|$)/i);
      expect(line).toMatch(/; Secure(;|$)/i);
      expect(line).toMatch(/; HttpOnly(;|$)/i);
      expect(line).toMatch(/; SameSite=Lax(;|$)/i);
      expect(line).not.toMatch(/; Domain/i);
    }
  });

  it('and of no other prefix, which another host of the domain could have set', async () => {
    const [session = ''] = cookiesOf(await signIn());
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(session) ?? [];
    expect(name).toBe('__Host-meldesync.session_token');
    const me = (sent: string) => call('/api/v1/me', { as: undefined, headers: { cookie: `${sent}=${value}` } });
    expect((await me(name)).status).toBe(200);
    for (const other of ['meldesync.session_token', '__Secure-meldesync.session_token', 'meldesync-session_token'])
      expect((await me(other)).status, other).toBe(401);
    const both = { cookie: `meldesync.session_token=none; ${name}=${value}; __Secure-meldesync.session_token=none` };
    expect((await call('/api/v1/me', { as: undefined, headers: both })).status).toBe(200);
    const ofSession = await call('/api/auth/get-session', { as: undefined, headers: { cookie: `${name}=${value}` } });
    expect(await ofSession.json()).toMatchObject({ user: { id: anna.id } });
  });

  it('that a device is shared is remembered from step to step', async () => {
    const set = cookiesOf(await signIn({ [SHARED_HEADER]: '1' }));
    const shared = set.find((line) => line.startsWith('__Host-meldesync.shared=1;'));
    const [session = ''] = cookiesOf(await signIn({ cookie: shared?.split(';')[0] ?? 'none' }));
    const headers = { cookie: session.split(';')[0] ?? '', origin: BASE_URL };
    const device = await call('/api/v1/me/device', {
      as: undefined,
      method: 'POST',
      headers,
      json: { isShared: false },
    });
    expect(await device.json()).toMatchObject({ isShared: true });
  });
});
