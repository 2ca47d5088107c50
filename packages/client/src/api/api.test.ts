import { type Problem, toProblem } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { createReferenceFeed } from '../../test/reference-feed.ts';
import { SyncError } from '../errors/sync-error.ts';
import { createApi } from './api.ts';

const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';
const BASE = 'https://melde.example/';

/** An API whose requests are kept and answered by `respond`. */
function setUp(respond: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  const api = createApi({
    baseUrl: BASE,
    language: 'de',
    fetch(input, init) {
      const request = new Request(input, init);
      requests.push(request);
      return Promise.resolve(respond(request));
    },
  });
  return { api, requests };
}

const answer = (body: unknown, status = 200) => setUp(() => Response.json(body, { status }));
const path = (request: Request | undefined): string | undefined => request?.url.slice(BASE.length - 1);

function oneRecord() {
  const model = createReferenceFeed();
  model.commit([{ op: 'insert', caseId: 'F-1', art: 'G', day: 1 }]);
  model.publish();
  return { page: model.page(0, 10), record: model.page(0, 10).records[0] };
}

describe('requests of the API', () => {
  const at = `/api/v1/workspaces/${WORKSPACE}`;
  const { page, record } = oneRecord();
  const id = '7f1b2c1e-4a5d-4f6e-8a9b-0c1d2e3f4a5b';

  const conflict = {
    conflict: id,
    record: 7,
    by: 'user:a',
    via: 'web',
    operation: 'operation-1',
    baseVersion: 1,
    currentVersion: 2,
    fields: [],
    overlaps: false,
    at: '2026-01-01T00:00:00Z',
    resolved: null,
  };

  it('go where they should', async () => {
    const me = { user: { id: 'a', name: 'A', email: 'a@example.org' }, workspaces: [] };
    const cases: [string, unknown, (api: ReturnType<typeof setUp>['api']) => Promise<unknown>][] = [
      ['GET /api/v1/me', me, (api) => api.me()],
      [`GET ${at}/members`, { members: [] }, (api) => api.members(WORKSPACE)],
      [`GET ${at}/snapshot?after=4&limit=2`, page, (api) => api.snapshotPage(WORKSPACE, { after: 4, limit: 2 })],
      [
        `GET ${at}/records?limit=2`,
        { records: [record], next: null },
        (api) => api.recordPage(WORKSPACE, { limit: 2 }),
      ],
      [`GET ${at}/records/1`, record, (api) => api.record(WORKSPACE, 1)],
      [
        `GET ${at}/records/1/history?before=3`,
        { entries: [], next: null },
        (api) => api.history(WORKSPACE, 1, { before: 3 }),
      ],
      [`GET ${at}/locks`, { locks: [] }, (api) => api.locks(WORKSPACE)],
      [`GET ${at}/conflicts`, { conflicts: [], next: null }, (api) => api.conflicts(WORKSPACE)],
      [
        `GET ${at}/conflicts?state=all&record=7&before=${id}&limit=2`,
        { conflicts: [conflict], next: id },
        (api) => api.conflicts(WORKSPACE, { state: 'all', record: 7, before: id, limit: 2 }),
      ],
      [`GET ${at}/conflicts/${id}`, conflict, (api) => api.conflict(WORKSPACE, id)],
      [
        `POST ${at}/conflicts/${id}/resolution`,
        conflict,
        (api) => api.resolveConflict(WORKSPACE, id, { resolution: 'kept-theirs' }),
      ],
      [`GET ${at}/imports`, { imports: [] }, (api) => api.imports(WORKSPACE)],
      [
        `GET ${at}/imports/${id}/rows?after=7`,
        { rows: [], next: null },
        (api) => api.importRows(WORKSPACE, id, { after: 7 }),
      ],
    ];
    for (const [expected, body, call] of cases) {
      const { api, requests } = answer(body);
      await call(api);
      expect(`${requests[0]?.method} ${path(requests[0])}`).toBe(expected);
      expect(requests[0]?.headers.get('accept-language')).toBe('de');
    }
  });

  it('say whose they are once that is known, and tell of every refusal (P48)', async () => {
    let person: string | undefined;
    const refused: string[] = [];
    const requests: Request[] = [];
    const api = createApi({
      baseUrl: BASE,
      fetch(input, init) {
        requests.push(new Request(input, init));
        return Promise.resolve(Response.json(toProblem('signed-in-as-another', 'en'), { status: 409 }));
      },
      person: () => person,
      onRefused: (code) => refused.push(code),
    });
    await expect(api.me()).rejects.toMatchObject({ code: 'signed-in-as-another' });
    person = 'anna';
    await expect(api.me()).rejects.toThrow(SyncError);
    expect(requests.map(({ headers }) => headers.get('meldesync-person'))).toEqual([null, 'anna']);
    expect(refused).toEqual(['signed-in-as-another', 'signed-in-as-another']);
  });

  it('R2.5 name the version an edit is based on, and the operation', async () => {
    const { api, requests } = answer(record);
    await api.patchRecord(WORKSPACE, 1, { baseVersion: 3, set: { done: true }, operation: 'operation-1' });
    const [request] = requests;
    expect([request?.method, path(request)]).toEqual(['PATCH', `${at}/records/1`]);
    expect(request?.headers.get('if-match')).toBe('"3"');
    expect(request?.headers.get('idempotency-key')).toBe('operation-1');
    expect(await request?.json()).toEqual({ done: true });
  });

  it('edit several records at once', async () => {
    const outcomes = [{ record: 1, outcome: 'accepted', version: 2 }];
    const { api, requests } = answer({ operation: 'operation-1', outcomes });
    const items = [{ record: 1, baseVersion: 1, set: { note: null } }];
    expect(await api.edit(WORKSPACE, { operation: 'operation-1', items })).toEqual(outcomes);
    expect(await requests[0]?.json()).toEqual({ operation: 'operation-1', items });
  });

  it('upload any number of files', async () => {
    const { api, requests } = answer({ imports: [] }, 202);
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, content: new Blob([name]) }));
    expect(await api.uploadImports(WORKSPACE, files)).toEqual([]);
    const sent = (await requests[0]?.formData())?.getAll('file') as File[];
    expect(sent.map((file) => file.name)).toEqual(['a.csv', 'b.csv']);
    expect(await sent[1]?.text()).toBe('b.csv');
  });

  it('call the fetch they were given without a receiver, as browsers demand', async () => {
    const receivers: unknown[] = [];
    const api = createApi({
      baseUrl: BASE,
      fetch: function (this: unknown) {
        receivers.push(this);
        return Promise.resolve(Response.json({ members: [] }));
      },
    });
    await api.members(WORKSPACE);
    expect(receivers).toEqual([undefined]);
  });

  it('R1.4 end a lock, which is answered without a body', async () => {
    const { api, requests } = setUp(() => new Response(null, { status: 204 }));
    await expect(api.endLock(WORKSPACE, id)).resolves.toBeUndefined();
    expect(`${requests[0]?.method} ${path(requests[0])}`).toBe(`DELETE ${at}/locks/${id}`);
  });
});

describe('errors of the API', () => {
  const fail = (response: () => Response | Promise<Response>): Promise<SyncError> =>
    setUp(response)
      .api.members(WORKSPACE)
      .then(
        () => Promise.reject(new Error('It should have failed.')),
        (error: unknown) => error as SyncError,
      );

  it('carry the problem details, with what stands against an edit (R2.2)', async () => {
    const { record } = oneRecord();
    if (!record) throw new Error('The record must be there.');
    const conflict = {
      record: 1,
      outcome: 'conflict' as const,
      baseVersion: 1,
      current: record,
      conflict: '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11',
      fields: [],
      overlaps: false,
    };
    const body: Problem = toProblem('version-conflict', 'de', { conflict });
    const error = await fail(() => Response.json(body, { status: 412 }));
    expect(error).toBeInstanceOf(SyncError);
    expect(error).toMatchObject({ code: 'version-conflict', retryable: false, problem: { conflict } });
  });

  it.each([
    [401, 'unauthenticated', false],
    [403, 'forbidden', false],
    [404, 'not-found', false],
    [418, 'bad-request', false],
    [413, 'payload-too-large', false],
    [429, 'rate-limited', true],
    [500, 'internal', true],
    [502, 'unavailable', true],
    [503, 'unavailable', true],
  ])('read a status of %i without problem details as %s', async (status, code, retryable) => {
    expect(await fail(() => new Response('<html>', { status }))).toMatchObject({ code, retryable });
  });

  it('say how long to wait', async () => {
    const error = await fail(() => new Response('', { status: 429, headers: { 'retry-after': '70' } }));
    expect(error.retryAfterMs).toBe(70_000);
    const dated = await fail(() => new Response('', { status: 429, headers: { 'retry-after': 'Thu, 1 Jan 2026' } }));
    expect(dated.retryAfterMs).toBeNull();
  });

  it('are "unavailable" when the service cannot be reached', async () => {
    expect(await fail(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({ code: 'unavailable' });
  });

  it('are "internal" when an answer is not what the protocol says', async () => {
    expect(await fail(() => Response.json({ members: 1 }))).toMatchObject({ code: 'internal' });
    expect(await fail(() => new Response('not json'))).toMatchObject({ code: 'internal' });
  });

  it('are the reason of the signal when the call was ended', async () => {
    const { api } = setUp((request) => Promise.reject(request.signal.reason));
    const signal = AbortSignal.abort(new Error('left the page'));
    await expect(api.me({ signal })).rejects.toThrow('left the page');
  });
});

it('P45 an entry of a list that cannot be read costs itself, and is told of', async () => {
  const told: number[] = [];
  const membership = { id: WORKSPACE, name: 'Klinik', role: 'editor' };
  const body = {
    user: { id: 'u', name: 'Anna', email: 'anna@test.example' },
    workspaces: [membership, { ...membership, role: 'owner' }, null],
  };
  const api = createApi({
    baseUrl: BASE,
    fetch: () => Promise.resolve(Response.json(body)),
    onUnreadable: (count) => told.push(count),
  });
  expect((await api.me()).workspaces).toEqual([membership]);
  expect(told).toEqual([2]);
});
