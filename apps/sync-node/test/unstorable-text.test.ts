import { API_PREFIX, CLOSE_CODES } from '@meldesync/protocol';
import { connectRaw, expectProblem } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, record, call, inWorkspace } = await setUpApi();

/** What no session's token can be: Postgres refuses the first ones, and a query asks for many people at once. */
const NO_TOKENS = [
  '%00',
  'a%00b',
  '%00.c2lnbmF0dXJl',
  'a%ED%A0%80b',
  '%E2%82%AC',
  '%zz',
  'a'.repeat(10_000),
  'a b',
  "';--",
];

describe('what cannot be a token', () => {
  it('R4.2 costs nobody else their connection when everybody comes back at once', async () => {
    const people = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        cluster.addPerson(`P${index}`, { workspace: cluster.workspace, role: 'viewer' }),
      ),
    );
    const strangers: Promise<number>[] = [];
    const stay = async (token: string) => {
      const socket = await connectRaw(cluster.url(), { token });
      socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
      await socket.next('welcome');
      await socket[Symbol.asyncDispose]();
    };
    const leave = async (headers: Record<string, string>) => {
      const socket = await connectRaw(cluster.url(), { headers: { origin: cluster.url(), ...headers } });
      return socket.closeCode();
    };
    const welcomed = people.map(({ token }, index) => {
      const bad = NO_TOKENS[index % NO_TOKENS.length] ?? '';
      strangers.push(leave({ authorization: `Bearer ${bad}` }));
      strangers.push(leave({ cookie: `meldesync.session_token=${bad}` }));
      strangers.push(leave({ cookie: `meldesync.session_token=${bad}.c2lnbmF0dXJl` }));
      return stay(token);
    });
    await Promise.all(welcomed);
    expect(new Set(await Promise.all(strangers))).toEqual(new Set([CLOSE_CODES.unauthenticated]));
  });

  it.each(NO_TOKENS)('"%s" signs nobody in over HTTP', async (token) => {
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { cookie: `meldesync.session_token=${token}` },
      { cookie: `meldesync.session_token=${token}.c2lnbmF0dXJl` },
    ]) {
      await expectProblem(await call(`${API_PREFIX}/me`, { as: undefined, headers }), 'unauthenticated');
      const session = await call('/api/auth/get-session', { as: undefined, headers });
      expect([session.status, await session.json()]).toEqual([200, null]);
    }
  });
});

describe('a NUL in an address is refused', () => {
  const NOT_THERE = '11111111-1111-4111-8111-111111111111';
  it.each([
    ['a page', '/cases%00'],
    ['a query', '/?q=%00'],
    ['a workspace', `${API_PREFIX}/workspaces/%00/records`],
    ['a record', inWorkspace('/records/1%00')],
    ['an import', inWorkspace(`/imports/${NOT_THERE}%00`)],
    ['a conflict', inWorkspace('/conflicts/%00')],
    ['a lock', inWorkspace('/locks/%00')],
    ['a cursor', inWorkspace('/frames?after=00000000:0-0%00')],
    ['a filter', inWorkspace(`/imports/${NOT_THERE}/rows?outcome=%00`)],
    ['a state of the sign-in', '/api/auth/callback/oidc?code=a&state=%00'],
  ])('%s', async (_, path) => {
    await expectProblem(await call(path), 'bad-request');
  });
});

describe('a NUL in what is sent to the sign-in is refused', () => {
  const headers = { origin: cluster.url(), 'content-type': 'application/json' };
  const TEXTS = [
    ['an address', '/sign-in/email', { email: 'a\0@test.example', password: 'correct-horse' }],
    ['a password', '/sign-in/email', { email: 'a@test.example', password: 'correct\0horse' }],
    ['a provider', '/sign-in/social', { provider: 'a\0' }],
  ] as const;
  it.each(TEXTS)('%s', async (_, path, json) => {
    await expectProblem(await call(`/api/auth${path}`, { method: 'POST', headers, json }), 'bad-request');
  });

  it('as it is, and in a form', async () => {
    const body = '{"email":"a\0@test.example","password":"correct-horse"}';
    await expectProblem(await call('/api/auth/sign-in/email', { method: 'POST', headers, body }), 'bad-request');
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = await call('/api/auth/sign-in/email', { method: 'POST', headers: form, body: 'email=%00' });
    await expectProblem(sent, 'bad-request');
  });

  it('a backslash before u0000 is none', async () => {
    const json = { email: anna.email, password: 'correct\\u0000horse' };
    const response = await call('/api/auth/sign-in/email', { as: undefined, method: 'POST', headers, json });
    expect(response.status).toBe(401);
  });
});

describe('text that Postgres cannot hold, and numbers that its columns cannot', () => {
  const LARGEST = Number.MAX_SAFE_INTEGER;
  const patch = (json: unknown, headers: Record<string, string> = {}) =>
    call(inWorkspace(`/records/${record}`), { method: 'PATCH', headers: { 'if-match': '"1"', ...headers }, json });
  const TEXTS = ['a\0b', 'a\ud800b', 'a\udc00b'];

  it.each(['caseId', 'assignee', 'note'])('in %s is an invalid field', async (field) => {
    for (const text of TEXTS) {
      await expectProblem(await patch({ [field]: text }), 'invalid-field');
      const items = [{ record, baseVersion: 1, set: { [field]: text } }];
      const edited = await call(inWorkspace('/edits'), {
        method: 'POST',
        json: { operation: crypto.randomUUID(), items },
      });
      await expectProblem(edited, 'invalid-field');
    }
  });

  it('in a field that there is not, an operation or a key is refused', async () => {
    for (const text of ['a\0bcdefgh', 'a\ud800bcdefgh']) {
      await expectProblem(await patch({ [text]: 'a' }), 'invalid-field');
      const items = [{ record, baseVersion: 1, set: { note: 'a' } }];
      const edited = await call(inWorkspace('/edits'), { method: 'POST', json: { operation: text, items } });
      await expectProblem(edited, 'invalid-field');
    }
    await expectProblem(await patch({ note: 'a' }, { 'idempotency-key': 'a%00bcdefgh' }), 'bad-request');
  });

  it.each([2 ** 31, 2 ** 32, LARGEST])('the number %d is answered', async (number) => {
    const items = [
      { record: number, baseVersion: 1, set: { note: 'a' } },
      { record, baseVersion: number, set: { note: 'a' } },
    ];
    const edited = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: { operation: crypto.randomUUID(), items },
    });
    expect(edited.status).toBe(200);
    for (const path of [
      `/records/${number}`,
      `/records/${number}/history`,
      `/records/${record}/history?before=${number}`,
      `/records?after=${number}`,
      `/snapshot?after=${number}`,
      `/conflicts?record=${number}`,
      `/frames?after=00000000:${'9'.repeat(20)}-${'9'.repeat(20)}`,
    ])
      expect((await call(inWorkspace(path))).status, path).toBeLessThan(500);
  });

  it.each(['a\0b.csv', '\0', 'a\ud800b.csv', `${'a'.repeat(300)}\u{1f600}.csv`, `\u{1f600}${'a'.repeat(254)}`])(
    'a file may be named %j',
    async (name) => {
      const form = new FormData();
      form.append('file', new Blob(['x']), name);
      const taken = await call(inWorkspace('/imports'), { method: 'POST', body: form });
      expect(taken.status).toBe(202);
      const { imports } = (await (await call(inWorkspace('/imports'))).json()) as { imports: { filename: string }[] };
      expect(imports[0]?.filename).not.toContain('\0');
    },
  );

  it('messages with them are answered, and the connection lives on', async () => {
    const socket = await connectRaw(cluster.url(), { token: anna.token });
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'a\0\ud800' } });
    await socket.next('welcome');
    for (const [index, text] of TEXTS.entries()) {
      const set = { note: text, caseId: text };
      socket.send({ type: 'edit', operation: `operation-${index}`, items: [{ record, baseVersion: 1, set }] });
      expect(await socket.next('error')).toMatchObject({ code: 'invalid-field' });
    }
    const items = [{ record: LARGEST, baseVersion: LARGEST, set: { note: 'a' } }];
    socket.send({ type: 'edit', operation: 'operation-large', items });
    expect(await socket.next('edited')).toMatchObject({ outcomes: [{ outcome: 'rejected' }] });
    socket.send({
      type: 'edit',
      operation: 'operation-version',
      items: [{ record, baseVersion: LARGEST, set: { note: 'a' } }],
    });
    await socket.next('edited');
    socket.send({ type: 'lock', request: 'a\0\ud800', records: [LARGEST] });
    await socket.next('error');
    socket.send({ type: 'attend', records: [LARGEST] });
    socket.send({ type: 'ping', sentAt: 1 });
    await socket.next('pong');
    expect(socket.closed).toBeUndefined();
    await socket[Symbol.asyncDispose]();
  });
});
