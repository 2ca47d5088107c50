import type { EditOutcome, Problem, SyncedRecord } from '@meldesync/protocol';
import { API_PREFIX, ERROR_CATALOGUE } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const STRANGER = 'https://elsewhere.example';
const UNKNOWN_WORKSPACE = '00000000-0000-4000-8000-000000000000';
const JSON_TYPE = 'application/json';

let cluster: Cluster;
let anna: TestPerson;
let vera: TestPerson;
let olga: TestPerson;
let record: number;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false, importMaxBytes: 1_024 * 1_024 });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  vera = await cluster.addPerson('Vera', { workspace: cluster.workspace, role: 'viewer' });
  const others = await cluster.addWorkspace('Zweitklinik');
  olga = await cluster.addPerson('Olga', { workspace: others, role: 'admin' });
  [record = 0] = await cluster.addRecords(3);
});
afterAll(() => cluster[Symbol.asyncDispose]());

interface CallOptions {
  readonly as?: TestPerson | null;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly body?: BodyInit;
}

/** Calls a path of the API. Signed in as Anna unless said otherwise. */
function call(
  path: string,
  { as = anna, method = 'GET', headers = {}, json, body }: CallOptions = {},
): Promise<Response> {
  const sent = new Headers(headers);
  if (as) sent.set('authorization', `Bearer ${as.token}`);
  if (json !== undefined) sent.set('content-type', JSON_TYPE);
  const content = json === undefined ? body : JSON.stringify(json);
  return fetch(`${cluster.url()}${path}`, {
    method,
    headers: sent,
    ...(content === undefined ? {} : { body: content }),
  });
}

const inWorkspace = (path: string, workspace = cluster.workspace) => `${API_PREFIX}/workspaces/${workspace}${path}`;

async function expectProblem(response: Response, code: keyof typeof ERROR_CATALOGUE): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ code, type: `urn:meldesync:error:${code}`, status: response.status });
  expect(response.status).toBe(ERROR_CATALOGUE[code].status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return problem;
}

async function current(): Promise<SyncedRecord> {
  return (await (await call(inWorkspace(`/records/${record}`))).json()) as SyncedRecord;
}

async function patch(set: unknown, headers: Record<string, string> = {}, as = anna): Promise<Response> {
  const { version } = await current();
  return call(inWorkspace(`/records/${record}`), {
    as,
    method: 'PATCH',
    headers: { 'if-match': `"${version}"`, ...headers },
    json: set,
  });
}

const upload = (name = 'test.csv', content = 'x') => {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return form;
};

interface Route {
  readonly method: string;
  readonly path: string;
  /** Path below a workspace. */
  readonly url: () => string;
  readonly call: () => CallOptions;
  readonly status: number;
  readonly role: 'viewer' | 'editor';
}

const IMPORT = '11111111-1111-4111-8111-111111111111';

/** Every route below a workspace, with a call of it that succeeds or finds nothing. */
const ROUTES: readonly Route[] = [
  { method: 'get', path: '/members', url: () => '/members', call: () => ({}), status: 200, role: 'viewer' },
  { method: 'get', path: '/snapshot', url: () => '/snapshot', call: () => ({}), status: 200, role: 'viewer' },
  { method: 'get', path: '/records', url: () => '/records', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'get',
    path: '/records/{record}',
    url: () => `/records/${record}`,
    call: () => ({}),
    status: 200,
    role: 'viewer',
  },
  {
    method: 'patch',
    path: '/records/{record}',
    url: () => `/records/${record}`,
    call: () => ({ json: { note: 'a' }, headers: { 'if-match': '"99999"' } }),
    status: 412,
    role: 'editor',
  },
  {
    method: 'get',
    path: '/records/{record}/history',
    url: () => `/records/${record}/history`,
    call: () => ({}),
    status: 200,
    role: 'viewer',
  },
  {
    method: 'post',
    path: '/edits',
    url: () => '/edits',
    call: () => ({
      json: { operation: crypto.randomUUID(), items: [{ record: 1, baseVersion: 99_999, set: { note: 'a' } }] },
    }),
    status: 200,
    role: 'editor',
  },
  { method: 'get', path: '/imports', url: () => '/imports', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'post',
    path: '/imports',
    url: () => '/imports',
    call: () => ({ body: upload() }),
    status: 202,
    role: 'editor',
  },
  {
    method: 'get',
    path: '/imports/{import}',
    url: () => `/imports/${IMPORT}`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  {
    method: 'get',
    path: '/imports/{import}/rows',
    url: () => `/imports/${IMPORT}/rows`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
];

describe.each(ROUTES)('$method $path', ({ method, url, call: options, status, role }) => {
  const send = (as: TestPerson | null, workspace?: string) =>
    call(inWorkspace(url(), workspace), { ...options(), method: method.toUpperCase(), as });

  it('is for members', async () => {
    await expectProblem(await send(null), 'unauthenticated');
    await expectProblem(await send(olga), 'workspace-not-found');
    await expectProblem(await send(anna, UNKNOWN_WORKSPACE), 'workspace-not-found');
    await expectProblem(await send(anna, 'no-uuid'), 'workspace-not-found');
    expect((await send(anna)).status).toBe(status);
  });

  it(`is for ${role}s`, async () => {
    const response = await send(vera);
    if (role === 'editor') await expectProblem(response, 'forbidden');
    else expect(response.status).toBe(status);
  });
});

describe('/api/openapi.json', () => {
  interface Document {
    openapi: string;
    info: { description: string };
    paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown; summary: string }>>;
    components: { securitySchemes: Record<string, unknown> };
  }

  it('is public, OpenAPI 3.1 and lists every route with its answers', async () => {
    const response = await call('/api/openapi.json', { as: null });
    expect(response.status).toBe(200);
    const document = (await response.json()) as Document;
    expect(document.openapi).toMatch(/^3\.1\./);
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const below = (path: string) => `${API_PREFIX}/workspaces/{workspace}${path}`;
    expect(listed.toSorted()).toEqual(
      [`get ${API_PREFIX}/me`, ...ROUTES.map(({ method, path }) => `${method} ${below(path)}`)].toSorted(),
    );
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary).not.toBe('');
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401']));
        expect(operation.security).toEqual([{ bearer: [] }, { session: [] }]);
      }
    }
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'session']);
    for (const code of Object.keys(ERROR_CATALOGUE)) expect(document.info.description).toContain(`\`${code}\``);
  });

  it('has no reference that leads nowhere', async () => {
    const text = await (await call('/api/openapi.json', { as: null })).text();
    const document: unknown = JSON.parse(text);
    for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = reference
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });
});

describe('/api/v1/me', () => {
  it('says who is signed in and where they belong', async () => {
    expect(await (await call(`${API_PREFIX}/me`)).json()).toEqual({
      user: { id: anna.id, name: 'Anna', email: anna.email },
      workspaces: [{ id: cluster.workspace, name: 'Testklinik', role: 'editor' }],
    });
    await expectProblem(await call(`${API_PREFIX}/me`, { as: null }), 'unauthenticated');
  });
});

describe('versions', () => {
  it('R2.5 the ETag of a record is its version, and an edit needs it', async () => {
    const response = await call(inWorkspace(`/records/${record}`));
    const { version } = (await response.json()) as SyncedRecord;
    expect(response.headers.get('etag')).toBe(`"${version}"`);
    const edited = await patch({ note: 'with its version' });
    expect(edited.status).toBe(200);
    expect(edited.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(await edited.json()).toMatchObject({
      note: 'with its version',
      version: version + 1,
      updatedBy: `user:${anna.id}`,
    });
  });

  it('R2.5 without If-Match nothing is written', async () => {
    const response = await call(inWorkspace(`/records/${record}`), { method: 'PATCH', json: { note: 'blind' } });
    await expectProblem(response, 'precondition-required');
    expect((await current()).note).not.toBe('blind');
  });

  it.each(['*', '1', '"0"', '"-1"', '"1", "2"', '"x"', '""', '"99999999999999999999"'])(
    'R2.5 If-Match %s names no version',
    async (value) => {
      await expectProblem(await patch({ note: 'blind' }, { 'if-match': value }), 'version-unknown');
      expect((await current()).note).not.toBe('blind');
    },
  );

  it('R2.1 R2.2 an old version is a conflict with the record as it stands', async () => {
    const before = await current();
    await cluster.sql(`update records set note = 'someone was first' where id = $1`, [record]);
    const { conflict } = await expectProblem(
      await patch({ note: 'mine' }, { 'if-match': `"${before.version}"` }),
      'version-conflict',
    );
    expect(conflict).toMatchObject({
      record,
      outcome: 'conflict',
      baseVersion: before.version,
      current: { version: before.version + 1, note: 'someone was first', updatedBy: 'db:postgres' },
    });
  });
});

describe('edits', () => {
  it('a repeated Idempotency-Key is answered as the first time and writes once', async () => {
    const { version } = await current();
    const headers = { 'if-match': `"${version}"`, 'idempotency-key': 'key-of-a-test' };
    for (let attempt = 0; attempt < 3; attempt++) {
      const response = await patch({ note: 'once' }, headers);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ version: version + 1, note: 'once' });
    }
    await expectProblem(await patch({ note: 'something else' }, headers), 'operation-reused');
  });

  it.each(['short', 'with spaces in it', 'x'.repeat(65)])('an Idempotency-Key %s is refused', async (key) => {
    await expectProblem(await patch({ note: 'x' }, { 'idempotency-key': key }), 'bad-request');
  });

  it('R2.2 several records have an outcome each', async () => {
    const { version } = await current();
    const response = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: {
        operation: 'several-records',
        items: [
          { record: 999_999, baseVersion: 1, set: { note: 'a' } },
          { record, baseVersion: version, set: { note: 'several' } },
          { record: record + 1, baseVersion: 9, set: { note: 'a' } },
        ],
      },
    });
    expect(response.status).toBe(200);
    const { operation, outcomes } = (await response.json()) as { operation: string; outcomes: EditOutcome[] };
    expect(operation).toBe('several-records');
    expect(outcomes).toEqual([
      { record: 999_999, outcome: 'rejected', code: 'record-not-found' },
      { record, outcome: 'accepted', version: version + 1 },
      { record: record + 1, outcome: 'rejected', code: 'version-unknown' },
    ]);
  });

  it.each([
    ['an unknown field', { ibe: 'IBE+' }, ''],
    ['a field of another type', { done: 'yes' }, 'done'],
    ['a text too long', { caseId: 'x'.repeat(65) }, 'caseId'],
    ['no field at all', {}, ''],
    ['a list', [], ''],
    ['null', null, ''],
  ])('%s is refused with the place', async (_, body, path) => {
    const { errors } = await expectProblem(await patch(body), 'invalid-field');
    expect(errors?.map((error) => error.path)).toContain(path);
    expect(errors?.every((error) => error.message !== '')).toBe(true);
  });

  it('names the item and the field of an edit of several', async () => {
    const response = await call(inWorkspace('/edits'), {
      method: 'POST',
      json: {
        operation: 'bad-second-item',
        items: [
          { record, baseVersion: 1, set: { note: 'a' } },
          { record, baseVersion: 1, set: { note: 7 } },
        ],
      },
    });
    const { errors } = await expectProblem(response, 'invalid-field');
    expect(errors?.map((error) => error.path)).toEqual(['items.1.set.note']);
  });

  it.each([
    ['no JSON', '{"note":', JSON_TYPE],
    ['nothing', '', JSON_TYPE],
  ])('%s is refused', async (_, body, type) => {
    const response = await call(inWorkspace(`/records/${record}`), {
      method: 'PATCH',
      headers: { 'if-match': '"1"', 'content-type': type },
      body,
    });
    await expectProblem(response, 'bad-request');
  });

  it('a body that is no JSON by its type changes nothing', async () => {
    const before = await current();
    const response = await call(inWorkspace(`/records/${record}`), {
      method: 'PATCH',
      headers: { 'if-match': `"${before.version}"`, 'content-type': 'text/plain' },
      body: '{"note":"plain"}',
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await current()).toEqual(before);
  });

  it('a text that cannot be stored is refused', async () => {
    await expectProblem(await patch({ note: 'a\0b' }), 'invalid-field');
    await expectProblem(await patch({ caseId: 'F\u200b1' }), 'invalid-field');
  });

  it('more than 1 MiB is refused, and the connection goes on', async () => {
    await expectProblem(await patch({ note: 'x'.repeat(1_100_000) }), 'payload-too-large');
    expect((await patch({ note: 'short again' })).status).toBe(200);
  });
});

describe('imports', () => {
  it('need a file', async () => {
    const form = new FormData();
    form.append('file', 'not a file');
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: form }), 'no-file');
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: new FormData() }), 'no-file');
  });

  it('need a form', async () => {
    const response = await call(inWorkspace('/imports'), {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'Vorgangsnummer,Meldebestaetigung\n',
    });
    await expectProblem(response, 'unsupported-media-type');
  });

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that is cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"'],
  ])('a form %s cannot be read', async (_, type, body) => {
    const response = await call(inWorkspace('/imports'), { method: 'POST', headers: { 'content-type': type }, body });
    await expectProblem(response, 'bad-request');
  });

  it('more than four of the largest files at a time are refused', async () => {
    const response = await call(inWorkspace('/imports'), {
      method: 'POST',
      body: upload('large.csv', 'x'.repeat(4 * 1_024 * 1_024 + 1)),
    });
    await expectProblem(response, 'payload-too-large');
  });

  it('more than 100 files at a time are refused', async () => {
    const form = new FormData();
    for (let count = 0; count <= 100; count++) form.append('file', new Blob(['x']), `${count}.csv`);
    await expectProblem(await call(inWorkspace('/imports'), { method: 'POST', body: form }), 'payload-too-large');
  });

  it('of others are not there', async () => {
    const [taken] = await cluster.api(anna).uploadImports(cluster.workspace, [{ name: 'a', content: new Blob(['x']) }]);
    const { workspaces } = await cluster.api(olga).me();
    const path = inWorkspace(`/imports/${taken?.id}`, workspaces[0]?.id);
    await expectProblem(await call(path, { as: olga }), 'import-not-found');
    await expectProblem(await call(`${path}/rows`, { as: olga }), 'import-not-found');
  });
});

describe('pages', () => {
  it('R4.2 follow on each other, and each says where the feed stood', async () => {
    const ids: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const response = await call(inWorkspace(`/snapshot?after=${after}&limit=1`));
      const page = (await response.json()) as {
        cursor: string;
        records: SyncedRecord[];
        next: number | null;
        total: number;
      };
      expect(page.cursor).toMatch(/^[0-9a-f]{8}:\d+-\d+$/);
      expect(page.total).toBe(3);
      ids.push(...page.records.map(({ id }) => id));
      after = page.next;
    }
    expect(ids).toEqual([record, record + 1, record + 2]);
  });

  it.each([
    '/snapshot?after=-1',
    '/snapshot?limit=0',
    '/snapshot?limit=5001',
    '/snapshot?after=x',
    '/records?after=1e400',
    '/records/0',
    '/records/x',
    '/records/1.5',
    '/records/99999999999999999999',
    '/imports/not-a-uuid',
  ])('%s is refused', async (path) => {
    await expectProblem(await call(inWorkspace(path)), 'bad-request');
  });

  it.each([
    () => `/records/${record}/history?before=9007199254740991`,
    () => `/imports/${IMPORT}/rows?after=9007199254740991`,
    () => '/records?after=9007199254740991',
    () => '/snapshot?after=9007199254740991',
    () => '/records/9007199254740991',
  ])('a number that no row can have is no error of the server', async (path) => {
    const { status } = await call(inWorkspace(path()));
    expect([200, 400, 404]).toContain(status);
  });

  it('R5.1 the history of a record is there after it was deleted too', async () => {
    const [id = 0] = await cluster.addRecords(1, { first: 700 });
    await cluster.sql('delete from records where id = $1', [id]);
    await expectProblem(await call(inWorkspace(`/records/${id}`)), 'record-not-found');
    const { entries } = await cluster.api(anna).history(cluster.workspace, id);
    expect(entries.map(({ op, version, by }) => [op, version, by])).toEqual([
      ['delete', 2, 'db:postgres'],
      ['insert', 1, 'db:postgres'],
    ]);
    await expectProblem(await call(inWorkspace('/records/999999/history')), 'record-not-found');
  });
});

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
    ['DELETE', () => inWorkspace(`/records/${record}`)],
    ['PUT', () => inWorkspace(`/records/${record}`)],
    ['POST', () => `${API_PREFIX}/me`],
    ['GET', () => `${API_PREFIX}/nothing`],
    ['GET', () => inWorkspace('/nothing')],
  ])('%s of a path without that method', async (method, path) => {
    await expectProblem(await call(path(), { method }), 'not-found');
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

describe('pages of others', () => {
  const EDIT = { json: { note: 'from elsewhere' }, headers: { 'if-match': '"1"' }, method: 'PATCH' };

  async function cookie(): Promise<string> {
    const response = await call('/api/auth/sign-in/email', {
      as: null,
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email: anna.email, password: anna.password },
    });
    return response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  }

  it('cannot use the cookie to change something, our own can', async () => {
    const headers = { ...EDIT.headers, cookie: await cookie() };
    const path = inWorkspace(`/records/${record}`);
    const send = (more: Record<string, string>): Promise<Response> =>
      call(path, { ...EDIT, as: null, headers: { ...headers, ...more } });
    await expectProblem(await send({ origin: STRANGER }), 'foreign-origin');
    await expectProblem(await send({ origin: 'null' }), 'foreign-origin');
    await expectProblem(await send({}), 'foreign-origin');
    await expectProblem(await send({ origin: cluster.url() }), 'version-conflict');
  });

  it('cannot read with it: no answer allows another origin', async () => {
    const response = await call(`${API_PREFIX}/me`, {
      as: null,
      headers: { cookie: await cookie(), origin: STRANGER },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('the cookie is for this site alone and out of reach of scripts', async () => {
    const response = await call('/api/auth/sign-in/email', {
      as: null,
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

describe('signing in', () => {
  const signIn = (json: unknown) =>
    call('/api/auth/sign-in/email', { as: null, method: 'POST', headers: { origin: cluster.url() }, json });

  it('needs the right password, and does not say which part was wrong', async () => {
    const wrong = await signIn({ email: anna.email, password: 'wrong-wrong-wrong' });
    const unknown = await signIn({ email: 'nobody@test.example', password: 'wrong-wrong-wrong' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
  });

  it('nobody signs up by themselves', async () => {
    const response = await call('/api/auth/sign-up/email', {
      as: null,
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email: 'new@test.example', password: 'long-enough-password', name: 'New' },
    });
    expect(response.status).toBe(400);
    expect(await cluster.sql(`select 1 from auth."user" where email = 'new@test.example'`)).toEqual([]);
  });

  it('a session that was signed out is over for the API too', async () => {
    const leaving = await cluster.addPerson('Lea', { workspace: cluster.workspace, role: 'editor' });
    expect((await call(`${API_PREFIX}/me`, { as: leaving })).status).toBe(200);
    await cluster.sql('delete from auth.session where user_id = $1', [leaving.id]);
    await expectProblem(await call(`${API_PREFIX}/me`, { as: leaving }), 'unauthenticated');
  });
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

describe('health', () => {
  it('R5.4 a node is ready while Postgres and Redis answer, and says what is missing', async () => {
    const admin = `http://127.0.0.1:${cluster.nodes[0]?.adminPort}`;
    for (const origin of [cluster.url(), admin]) {
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    }
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    expect(metrics).toContain('meldesync_http_requests_total{status="200"');
    expect((await fetch(`${admin}/nothing`)).status).toBe(404);
    await cluster.redis.kill();
    const response = await fetch(`${cluster.url()}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('Redis');
    // The API needs Postgres alone.
    expect((await patch({ note: 'without Redis' })).status).toBe(200);
    await cluster.redis.start();
    await eventually(async () => expect((await fetch(`${cluster.url()}/readyz`)).status).toBe(200));
  });
});
