import { API_PREFIX, describeError, ERROR_CATALOGUE, type ErrorCode } from '@meldesync/protocol';
import { callHttp, exchangeRaw, expectProblem, type HttpCall, workspacePath } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpAdministration } from './administration-setup.ts';
import { NOBODY, sampleRequests, UNKNOWN } from './matrix-requests.ts';
import { type MatrixRoute, matrixRoutes } from './matrix-routes.ts';

const STRANGER = 'https://elsewhere.example';

const { cluster } = await setUpAdministration();
const ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [ada.id]);
const [record = 0] = await cluster.addRecords(30);
const samples = sampleRequests(record);
const call = (path: string, options: HttpCall = {}) => callHttp(cluster, path, { as: ada, ...options });

interface Described {
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly requestBody?: { readonly content: object };
  readonly security?: unknown;
}
const document = (await (await call('/api/openapi.json')).json()) as Parameters<typeof matrixRoutes>[0] & {
  paths: Record<string, Record<string, Described>>;
};
/** All that the node describes, and what stands beside it. */
const ROUTES = matrixRoutes(document).filter(({ path }) => path !== '/');
const DESCRIBED = ROUTES.filter(({ operationId }) => operationId !== undefined);
const READS = DESCRIBED.filter(({ method }) => method === 'GET');

const describedAs = ({ path, method }: MatrixRoute) => document.paths[path]?.[method.toLowerCase()];
const sampleOf = ({ operationId = '' }: MatrixRoute) => samples[operationId]?.() ?? {};

const PARAMETERS: Readonly<Record<string, string>> = {
  workspace: cluster.workspace,
  record: String(record),
  account: NOBODY,
  token: NOBODY,
  session: NOBODY,
  import: UNKNOWN,
  conflict: UNKNOWN,
  lock: UNKNOWN,
  invitation: UNKNOWN,
};

function addressOf(route: MatrixRoute, parameters = PARAMETERS): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? UNKNOWN);
  return path + (sampleOf(route).query ?? '');
}

/** `METHOD path`, for the names of tests. */
const named = (routes: readonly MatrixRoute[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

const methodsOf = (path: string) => ROUTES.filter((one) => one.path === path).map(({ method }) => method);

describe('every path', () => {
  const paths = [...new Map(ROUTES.map((route) => [route.path, route])).values()];

  it.each(paths.map((route) => [route.path, route] as const))(
    '%s says by OPTIONS and 405 what can be done',
    async (path, route) => {
      const known = methodsOf(path);
      const isLookedAt = known.includes('GET') && !path.endsWith('/callback/oidc');
      const allow = [...known, ...(isLookedAt ? ['HEAD'] : []), 'OPTIONS'].toSorted().join(', ');
      const options = await call(addressOf(route), { method: 'OPTIONS' });
      expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([204, allow, '']);
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'PROPFIND'].filter(
        (one) => !known.includes(one),
      )) {
        const refused = await call(addressOf(route), { method });
        expect(refused.headers.get('allow'), method).toBe(allow);
        await expectProblem(refused, 'method-not-allowed');
      }
    },
  );
});

describe('every route that is read', () => {
  /** What they say is another thing each time. */
  const RESTLESS = new Set(['getOperations']);

  it.each(named(READS))('%s: HEAD is its head, If-None-Match spares its body', async (_, route) => {
    const address = addressOf(route);
    const headers = { 'accept-encoding': 'identity' };
    const whole = await call(address, { headers });
    const body = new Uint8Array(await whole.arrayBuffer());
    const head = await call(address, { headers, method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([whole.status, '']);
    if (RESTLESS.has(route.operationId ?? '')) return;
    for (const name of ['etag', 'content-type', 'link', 'cache-control', 'vary'])
      expect(head.headers.get(name), name).toBe(whole.headers.get(name));
    expect(head.headers.get('content-length')).toBe(String(body.byteLength));
    if (whole.status !== 200) return;
    const etag = whole.headers.get('etag') ?? '';
    expect(etag).toMatch(/^(?:W\/)?"[\w-]+"$/);
    for (const known of [etag, `"other", ${etag}`, '*', etag.replace('W/', '')]) {
      const spared = await call(address, { headers: { ...headers, 'if-none-match': known } });
      expect([spared.status, spared.headers.get('etag'), await spared.text()], known).toEqual([304, etag, '']);
    }
    expect((await call(address, { headers: { ...headers, 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it.each(['br', 'gzip'])(
    'a large answer comes compressed by %s where that is taken, and is the same',
    async (coding) => {
      for (const path of ['/records', '/snapshot', '/members']) {
        const address = `${API_PREFIX}/workspaces/${cluster.workspace}${path}`;
        const plain = await call(address, { headers: { 'accept-encoding': 'identity' } });
        const smaller = await call(address, { headers: { 'accept-encoding': `${coding}, identity` } });
        const text = await plain.text();
        expect(await smaller.text()).toBe(text);
        expect(plain.headers.get('content-encoding')).toBeNull();
        expect(smaller.headers.get('etag')).toBe(plain.headers.get('etag'));
        if (text.length < 1_400) continue;
        expect(smaller.headers.get('content-encoding')).toBe(coding);
        expect(smaller.headers.get('vary')).toContain('accept-encoding');
      }
      const trail = `${API_PREFIX}/workspaces/${cluster.workspace}/audit/query`;
      const compressed = await call(trail, { method: 'POST', json: {}, headers: { 'accept-encoding': coding } });
      expect(compressed.headers.get('content-encoding')).toBe(coding);
      expect(await compressed.json()).toHaveProperty('entries');
    },
  );
});

it('a file that is asked for as JSON, as pages of before do, is answered', async () => {
  const response = await call(workspacePath(cluster, '/audit/export'), {
    method: 'POST',
    headers: { accept: 'application/json' },
    json: { format: 'csv' },
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(await response.text()).toContain('export-complete');
});

describe('every route', () => {
  it.each(named(DESCRIBED))('%s is not answered in a form that nobody takes, and does nothing', async (_, route) => {
    const { json, body, headers } = sampleOf(route);
    const hasContent = Object.entries(describedAs(route)?.responses ?? {}).some(
      ([status, { content }]) => status.startsWith('2') && content,
    );
    if (!hasContent) return;
    const response = await call(addressOf(route), {
      method: route.method,
      headers: { ...headers, accept: 'image/png' },
      ...(json === undefined ? {} : { json }),
      ...(body ? { body: body() } : {}),
    });
    await expectProblem(response, 'not-acceptable');
  });

  it.each(named(DESCRIBED.filter((route) => describedAs(route)?.security)))(
    '%s says to strangers how to sign in, in their language',
    async (_, route) => {
      const { json, body, headers } = sampleOf(route);
      for (const language of ['de', 'en'] as const) {
        const response = await call(addressOf(route), {
          as: undefined,
          method: route.method,
          headers: { ...headers, 'accept-language': language },
          ...(json === undefined ? {} : { json }),
          ...(body ? { body: body() } : {}),
        });
        expect(response.headers.get('www-authenticate')).toBe('Bearer realm="MeldeSync"');
        expect(response.headers.get('content-language')).toBe(language);
        const { title } = await expectProblem(response, 'unauthenticated');
        expect(title).toBe(describeError('unauthenticated', language));
      }
    },
  );

  it.each(named(DESCRIBED.filter(({ path }) => path.includes('{'))))(
    '%s takes no address that is no text',
    async (_, route) => {
      const spoilt = Object.fromEntries(Object.keys(PARAMETERS).map((name) => [name, '%FF']));
      await expectProblem(await call(addressOf(route, spoilt), { method: route.method }), 'bad-request');
    },
  );

  const writes = DESCRIBED.filter((route) => 'application/json' in (describedAs(route)?.requestBody?.content ?? {}));

  it.each(named(writes))('%s takes no body that is no text, no JSON by its type, or compressed', async (_, route) => {
    const { headers } = sampleOf(route);
    const send = (body: BodyInit, more: Record<string, string>) =>
      call(addressOf(route), { method: route.method, headers: { ...headers, ...more }, body });
    const type = { 'content-type': 'application/json' };
    const latin1 = Buffer.from('{"note":"\xe4","email":"\xe4","name":"\xe4"}', 'latin1');
    await expectProblem(await send(latin1, type), 'bad-request');
    const compressed = await send('{}', { ...type, 'content-encoding': 'gzip' });
    expect(compressed.headers.get('accept-encoding')).toBe('identity');
    await expectProblem(compressed, 'unsupported-media-type');
    // A form is what RFC 8628 has there.
    if (route.path.includes('/auth/device/')) return;
    await expectProblem(await send('{}', { 'content-type': 'text/plain' }), 'unsupported-media-type');
  });

  it.each(named(ROUTES))('%s may be called by pages of origins that are trusted, and by no other', async (_, route) => {
    const ask = async (origin: string) => {
      const { headers } = await call(addressOf(route), {
        as: undefined,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': route.method },
      });
      return ['origin', 'credentials', 'methods'].map((name) => headers.get(`access-control-allow-${name}`));
    };
    if (!route.path.startsWith('/api/')) return;
    const [origin, credentials, methods] = await ask(cluster.url());
    expect([origin, credentials]).toEqual([cluster.url(), 'true']);
    expect(methods?.split(', ')).toContain(route.method);
    expect((await ask(STRANGER)).slice(0, 2)).toEqual([null, null]);
    expect((await ask('null')).slice(0, 2)).toEqual([null, null]);
  });
});

it('an answer that a page of a trusted origin reads says which headers it may read', async () => {
  const path = `${API_PREFIX}/workspaces/${cluster.workspace}/records/${record}`;
  const { headers } = await call(path, { headers: { origin: cluster.url() } });
  expect(headers.get('access-control-allow-origin')).toBe(cluster.url());
  expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(
    expect.arrayContaining(['etag', 'location', 'link', 'retry-after']),
  );
  expect(headers.get('vary')).toContain('origin');
  expect((await call(path)).headers.get('access-control-allow-origin')).toBeNull();
});

it.each<[string, ErrorCode, unknown]>([
  ['a wrong password', 'credentials-wrong', { email: ada.email, password: 'falsch-falsch-falsch' }],
  ['an address that is none', 'email-invalid', { email: 'none', password: 'falsch-falsch-falsch' }],
  ['no password', 'bad-request', { email: ada.email }],
])('sign-in refuses %s as everything else is refused', async (_, code, json) => {
  for (const language of ['de', 'en'] as const) {
    const headers = { 'accept-language': language, origin: cluster.url() };
    const response = await call('/api/auth/sign-in/email', { as: undefined, method: 'POST', headers, json });
    expect(response.headers.get('content-language')).toBe(language);
    if (ERROR_CATALOGUE[code].status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect((await expectProblem(response, code)).title).toBe(describeError(code, language));
  }
});

it('pages of a list lead to each other by Link', async () => {
  const seen: number[] = [];
  let address: string | undefined = `${API_PREFIX}/workspaces/${cluster.workspace}/records?limit=7`;
  while (address !== undefined) {
    const response: Response = await call(address);
    const { records } = (await response.json()) as { records: { id: number }[] };
    seen.push(...records.map(({ id }) => id));
    const link: string | null = response.headers.get('link');
    address = link === null ? undefined : /^<([^>]+)>; rel="next"$/.exec(link)?.[1];
  }
  expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => record + n));
});

it('HTTP/1.0 is answered by 505: uWebSockets.js speaks 1.1 alone (ADR 47)', async () => {
  const { status } = await exchangeRaw(cluster.url(), 'GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n');
  expect(status).toBe(505);
});
