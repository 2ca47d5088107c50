import { API_PREFIX, ERROR_CATALOGUE } from '@meldesync/protocol';
import { expectDescribed, expectProblem, type HttpCall, type TestPerson } from '@meldesync/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { setUpApi } from './api-setup.ts';

const UNKNOWN_WORKSPACE = '00000000-0000-4000-8000-000000000000';

const { cluster, anna, record, call, inWorkspace } = await setUpApi();
let vera: TestPerson;
let olga: TestPerson;

beforeAll(async () => {
  vera = await cluster.addPerson('Vera', { workspace: cluster.workspace, role: 'viewer' });
  olga = await cluster.addPerson('Olga', { workspace: await cluster.addWorkspace('Zweitklinik'), role: 'admin' });
});

const upload = () => {
  const form = new FormData();
  form.append('file', new Blob(['x']), 'test.csv');
  return form;
};

interface Route {
  readonly method: string;
  readonly path: string;
  /** Path below a workspace. */
  readonly url: () => string;
  readonly call: () => HttpCall;
  readonly status: number;
  /** Whom it is for; the call is an editor's, whom a route for auditors or admins refuses. */
  readonly role: 'viewer' | 'editor' | 'auditor' | 'admin';
}

const NOT_THERE = '11111111-1111-4111-8111-111111111111';

/** Every route below a workspace, with a call of it that succeeds or finds nothing. */
const ROUTES: readonly Route[] = [
  { method: 'get', path: '/members', url: () => '/members', call: () => ({}), status: 200, role: 'viewer' },
  { method: 'get', path: '/snapshot', url: () => '/snapshot', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'get',
    path: '/frames',
    url: () => '/frames?after=00000000:0-0',
    call: () => ({}),
    status: 410,
    role: 'viewer',
  },
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
  {
    method: 'post',
    path: '/record-lookups',
    url: () => '/record-lookups',
    call: () => ({ json: { records: [record] } }),
    status: 200,
    role: 'viewer',
  },
  { method: 'get', path: '/conflicts', url: () => '/conflicts', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'get',
    path: '/conflicts/{conflict}',
    url: () => `/conflicts/${NOT_THERE}`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  {
    method: 'post',
    path: '/conflicts/{conflict}/resolution',
    url: () => `/conflicts/${NOT_THERE}/resolution`,
    call: () => ({ json: { resolution: 'dropped' } }),
    status: 404,
    role: 'editor',
  },
  { method: 'get', path: '/checksum', url: () => '/checksum', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'get',
    path: '/untold-records',
    url: () => '/untold-records',
    call: () => ({}),
    status: 200,
    role: 'viewer',
  },
  {
    method: 'post',
    path: '/imports/{import}/export',
    url: () => `/imports/${NOT_THERE}/export`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  { method: 'get', path: '/locks', url: () => '/locks', call: () => ({}), status: 200, role: 'viewer' },
  {
    method: 'post',
    path: '/locks',
    url: () => '/locks',
    call: () => ({ json: { records: [9_999] } }),
    status: 404,
    role: 'editor',
  },
  {
    method: 'get',
    path: '/locks/{lock}',
    url: () => `/locks/${NOT_THERE}`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  {
    method: 'post',
    path: '/locks/{lock}/renewal',
    url: () => `/locks/${NOT_THERE}/renewal`,
    call: () => ({}),
    status: 404,
    role: 'editor',
  },
  {
    method: 'delete',
    path: '/locks/{lock}',
    url: () => `/locks/${NOT_THERE}`,
    call: () => ({}),
    status: 404,
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
    url: () => `/imports/${NOT_THERE}`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  {
    method: 'post',
    path: '/imports/{import}/cancellation',
    url: () => `/imports/${NOT_THERE}/cancellation`,
    call: () => ({}),
    status: 404,
    role: 'editor',
  },
  {
    method: 'post',
    path: '/imports/{import}/continuation',
    url: () => `/imports/${NOT_THERE}/continuation`,
    call: () => ({}),
    status: 403,
    role: 'admin',
  },
  {
    method: 'get',
    path: '/imports/{import}/rows',
    url: () => `/imports/${NOT_THERE}/rows`,
    call: () => ({}),
    status: 404,
    role: 'viewer',
  },
  ...[['query', {}] as const, ['export', { format: 'csv' }] as const, ['report', { case: 'F-1' }] as const].map(
    ([name, json]): Route => ({
      method: 'post',
      path: `/audit/${name}`,
      url: () => `/audit/${name}`,
      call: () => ({ json }),
      status: 403,
      role: 'auditor',
    }),
  ),
];

describe.each(ROUTES)('$method $path', ({ method, url, call: options, status, role }) => {
  const send = (as: TestPerson | undefined, workspace?: string) =>
    call(inWorkspace(url(), workspace), { ...options(), method: method.toUpperCase(), as });

  it('is for members', async () => {
    await expectProblem(await send(undefined), 'unauthenticated');
    await expectProblem(await send(olga), 'workspace-not-found');
    await expectProblem(await send(anna, UNKNOWN_WORKSPACE), 'workspace-not-found');
    await expectProblem(await send(anna, 'no-uuid'), 'workspace-not-found');
    expect((await send(anna)).status).toBe(status);
  });

  it(`is for ${role}s`, async () => {
    const response = await send(vera);
    if (role === 'viewer') expect(response.status).toBe(status);
    else await expectProblem(response, 'forbidden');
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
    const response = await call('/api/openapi.json', { as: undefined });
    expect(response.status).toBe(200);
    const document = (await response.json()) as Document;
    expect(document.openapi).toMatch(/^3\.1\./);
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    // What is one's own, administration, and what is there for who is not signed in have tests of their own.
    const others = /\/(auth|administration|device-sign-ins|entry|set-up|invitations|password-links|me)(\/|$)/;
    const below = (path: string) => `${API_PREFIX}/workspaces/{workspace}${path}`;
    expect(listed.filter((route) => !others.test(route)).toSorted()).toEqual(
      [
        `get ${API_PREFIX}/operations`,
        `put ${API_PREFIX}/operations/level`,
        ...ROUTES.map(({ method, path }) => `${method} ${below(path)}`),
      ].toSorted(),
    );
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        expect(operation.summary).not.toBe('');
        if (others.test(path) && !path.includes('administration')) continue;
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '503']));
        expect(operation.security).toEqual([{ bearer: [] }, { session: [] }]);
      }
    }
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'session']);
    for (const code of Object.keys(ERROR_CATALOGUE)) expect(document.info.description).toContain(`\`${code}\``);
  });

  it('P61 says of what is refused where it is missing that it is required: each body, and the version of a change', async () => {
    interface Operation {
      readonly operationId: string;
      readonly parameters?: readonly { readonly name?: string; readonly required?: boolean }[];
      readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, { schema: object }> };
    }
    const { paths } = (await (await call('/api/openapi.json', { as: undefined })).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const lacking = operations.filter(({ requestBody }) => requestBody && !requestBody.required);
    expect(lacking.map(({ operationId }) => operationId)).toEqual([]);
    const versioned = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters.filter(({ name }) => name === 'if-match').map(({ required }) => [operationId, required]),
    );
    expect(Object.fromEntries(versioned)).toEqual({
      editRecord: true,
      changeWorkspace: true,
      changeMember: true,
      // Whoever removes somebody may leave the version out.
      removeMember: false,
    });
    const upload = operations.find(({ operationId }) => operationId === 'uploadImports')?.requestBody?.content;
    expect(upload?.['multipart/form-data']?.schema).toMatchObject({
      properties: { file: { minItems: 1, maxItems: 100 } },
      required: ['file'],
    });
  });

  it('says of every route what all of them may be asked with and answer', async () => {
    interface Operation {
      readonly parameters?: readonly { readonly $ref?: string }[];
      readonly requestBody?: { readonly content: object };
      readonly responses: Record<string, { headers?: object; $ref?: string }>;
      readonly security?: unknown;
    }
    const { paths, components } = (await (await call('/api/openapi.json', { as: undefined })).json()) as {
      paths: Record<string, Record<string, Operation>>;
      components: { responses: Record<string, { headers?: object }> };
    };
    const answerOf = (answer: { headers?: object; $ref?: string } | undefined) =>
      answer?.$ref === undefined ? answer : components.responses[answer.$ref.split('/').at(-1) ?? ''];
    const ETAG = { ETag: { $ref: '#/components/headers/ETag' } };
    for (const [path, methods] of Object.entries(paths)) {
      if (!path.startsWith(API_PREFIX)) continue;
      for (const [method, { parameters, requestBody, responses, security }] of Object.entries(methods)) {
        const takesJson = 'application/json' in (requestBody?.content ?? {});
        expect(Object.keys(responses), path).toEqual(
          expect.arrayContaining(['400', '429', '500', ...(takesJson ? ['413', '415', '422'] : [])]),
        );
        for (const status of ['429', '503'])
          expect(Object.keys(answerOf(responses[status])?.headers ?? {}), path).toEqual([
            'Content-Language',
            'Retry-After',
          ]);
        const named = parameters?.flatMap(({ $ref }) => $ref ?? []);
        const isRead = method === 'get';
        expect(named, path).toEqual(
          ['Language', ...(security ? ['Person'] : []), ...(isRead ? ['IfNoneMatch'] : [])].map(
            (name) => `#/components/parameters/${name}`,
          ),
        );
        if (isRead) expect([responses['200']?.headers, responses['304']?.headers], path).toMatchObject([ETAG, ETAG]);
      }
    }
  });

  it('names each operation, in one word and no two alike', async () => {
    const { paths } = (await (await call('/api/openapi.json', { as: undefined })).json()) as {
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const named = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [`${method} ${path}`, operationId] as const),
    );
    for (const [route, name] of named) expect(name, route).toMatch(/^[a-z][a-zA-Z]+$/);
    expect(new Set(named.map(([, name]) => name)).size).toBe(named.length);
  });

  it('is held to every answer that a test has through `callHttp`', async () => {
    const response = Response.json({ user: { id: 'a' } }, { headers: { etag: 'W/"a"' } });
    await expect(expectDescribed(cluster, 'GET', `${API_PREFIX}/me`, response)).rejects.toThrow(/not as described/);
    const teapot = Response.json({}, { status: 418 });
    await expect(expectDescribed(cluster, 'GET', `${API_PREFIX}/me`, teapot)).rejects.toThrow(/418 is not described/);
    const path = inWorkspace(`/records/${record}`);
    const untagged = Response.json(await (await call(path)).json());
    await expect(expectDescribed(cluster, 'GET', path, untagged)).rejects.toThrow(/lacks ETag/);
  });

  it('is made once: whoever has it hears so, whoever may take it smaller gets it smaller', async () => {
    const get = (headers: Record<string, string>, method = 'GET') =>
      call('/api/openapi.json', { as: undefined, method, headers });
    const whole = await get({ 'accept-encoding': 'identity' });
    const etag = whole.headers.get('etag') ?? '';
    const text = await whole.text();
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect([whole.headers.get('content-encoding'), whole.headers.get('cache-control')]).toEqual([null, 'no-cache']);
    for (const encoding of ['br', 'gzip']) {
      const smaller = await get({ 'accept-encoding': encoding });
      expect(smaller.headers.get('content-encoding')).toBe(encoding);
      expect(await smaller.text()).toBe(text);
    }
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect((await get({}, 'HEAD')).headers.get('etag')).toBe(etag);
    await expectProblem(await get({}, 'POST'), 'method-not-allowed');
  });

  it('an edit names the fields that it sets, at least one, and no other', async () => {
    const response = await call('/api/openapi.json', { as: undefined });
    const { paths, components } = (await response.json()) as {
      paths: Record<string, Record<string, { requestBody: { content: { 'application/json': { schema: Schema } } } }>>;
      components: { schemas: Record<string, Schema> };
    };
    interface Schema {
      readonly required?: readonly string[];
      readonly minProperties?: number;
      readonly additionalProperties?: boolean;
      readonly properties: Record<string, Schema>;
      readonly items: Schema;
    }
    const bodyOf = (path: string, method: string) =>
      paths[`${API_PREFIX}/workspaces/{workspace}${path}`]?.[method]?.requestBody.content['application/json'].schema;
    const schemaOf = (name: string) => components.schemas[name];
    expect(bodyOf('/records/{record}', 'patch')).toEqual({ $ref: '#/components/schemas/RecordPatch' });
    expect(schemaOf('EditItem')?.properties['set']).toEqual({ $ref: '#/components/schemas/RecordPatch' });
    const patches = [schemaOf('RecordPatch')];
    for (const patch of patches) {
      expect(Object.keys(patch?.properties ?? {})).toEqual(['caseId', 'done', 'assignee', 'note']);
      expect([patch?.required ?? [], patch?.minProperties, patch?.additionalProperties]).toEqual([[], 1, false]);
    }
    const invalid = await call(`${API_PREFIX}/workspaces/${cluster.workspace}/edits`, {
      as: anna,
      method: 'POST',
      json: { operation: 'too-long-1', items: [{ record: 1, baseVersion: 1, set: { note: 'x'.repeat(2_001) } }] },
    });
    await expectProblem(invalid, 'invalid-field');
    expect(paths[`${API_PREFIX}/workspaces/{workspace}/edits`]?.['post']).toHaveProperty('responses.422');
  });

  it('describes what several routes share once, and says which texts are moments', async () => {
    const text = await (await call('/api/openapi.json', { as: undefined })).text();
    expect(text.length).toBeLessThan(210_000);
    const inlined = new Map<string, number>();
    const look = (node: unknown, name: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && !Array.isArray(node)) {
        const schema = JSON.stringify(node);
        inlined.set(schema, (inlined.get(schema) ?? 0) + 1);
      }
      if (
        /^(?:at|since|\w+At)$/.test(name) &&
        'type' in node &&
        !('pattern' in node) &&
        JSON.stringify(node.type).includes('string')
      )
        expect(node, name).toMatchObject({ format: 'date-time' });
      for (const [key, inner] of Object.entries(node)) if (key !== 'example') look(inner, key);
    };
    look(JSON.parse(text), '');
    const repeated = [...inlined].filter(([schema, count]) => count > 1 && schema.length > 300);
    expect(repeated.map(([schema]) => schema.slice(0, 200))).toEqual([]);
  });

  it('has examples that are as it describes them', async () => {
    const document = (await (await call('/api/openapi.json', { as: undefined })).json()) as {
      components: { schemas: Record<string, object> };
    };
    const { schemas: $defs } = document.components;
    const examples: string[] = [];
    const look = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('example' in node && 'schema' in node) {
        const whole = JSON.stringify({ ...(node.schema as object), $defs }).replaceAll(
          '#/components/schemas/',
          '#/$defs/',
        );
        const schema = z.fromJSONSchema(JSON.parse(whole) as Parameters<typeof z.fromJSONSchema>[0]);
        const { error } = schema.safeParse(node.example);
        expect(error && z.prettifyError(error)).toBeUndefined();
        examples.push(JSON.stringify(node.example));
      }
      for (const inner of Object.values(node)) look(inner);
    };
    look(document);
    expect(examples.length).toBeGreaterThan(12);
  });

  it('has no reference that leads nowhere', async () => {
    const text = await (await call('/api/openapi.json', { as: undefined })).text();
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
      user: { id: anna.id, name: 'Anna', email: anna.email, isInstallationAdmin: false },
      workspaces: [{ id: cluster.workspace, name: 'Testklinik', role: 'editor' }],
    });
    await expectProblem(await call(`${API_PREFIX}/me`, { as: undefined }), 'unauthenticated');
  });
});
