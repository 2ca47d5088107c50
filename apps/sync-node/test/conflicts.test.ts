import type { ConflictPage, EditOutcome, Problem, StoredConflict } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  expectProblem,
  type HttpCall,
  startCluster,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;
let carla: TestPerson;
let records = 0;
let record: number;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  const { workspace } = cluster;
  anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  ben = await cluster.addPerson('Ben', { workspace, role: 'editor' });
  carla = await cluster.addPerson('Carla', { workspace, role: 'admin' });
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(async () => {
  records += 1;
  [record = 0] = await cluster.addRecords(1, { first: records });
});

function call(path: string, options: HttpCall = {}): Promise<Response> {
  return callHttp(cluster, workspacePath(cluster, path), { as: anna, ...options });
}

function patch(version: number, set: unknown, options: HttpCall = {}): Promise<Response> {
  return call(`/records/${record}`, {
    method: 'PATCH',
    json: set,
    ...options,
    headers: { 'if-match': `"${version}"`, ...options.headers },
  });
}

function resolve(conflict: string, resolution: string, as = anna): Promise<Response> {
  return call(`/conflicts/${conflict}/resolution`, { method: 'POST', json: { resolution }, as });
}

type ConflictOutcome = Extract<EditOutcome, { outcome: 'conflict' }>;

function conflictIn({ conflict }: Problem): ConflictOutcome {
  if (conflict?.outcome !== 'conflict') throw new Error('the problem names no conflict');
  return conflict;
}

/** Anna's edit after Ben's. */
async function openConflict(): Promise<ConflictOutcome> {
  expect((await patch(1, { note: 'theirs' }, { as: ben })).status).toBe(200);
  return conflictIn(await expectProblem(await patch(1, { note: 'mine' }), 'version-conflict'));
}

async function stored(conflict: string, as = anna): Promise<StoredConflict> {
  const response = await call(`/conflicts/${conflict}`, { as });
  expect(response.status).toBe(200);
  return (await response.json()) as StoredConflict;
}

async function list(query = '', as = anna): Promise<ConflictPage> {
  const response = await call(`/conflicts${query}`, { as });
  expect(response.status).toBe(200);
  return (await response.json()) as ConflictPage;
}

const idsOf = (page: ConflictPage) => page.conflicts.map(({ conflict }) => conflict);

describe('an edit that comes second', () => {
  it('R2.2 is told field by field, and finds the same again under its id', async () => {
    const { conflict, fields, overlaps } = await openConflict();
    expect(fields).toMatchObject([
      {
        field: 'note',
        base: null,
        current: 'theirs',
        attempted: 'mine',
        changed: { by: `user:${ben.id}`, version: 2 },
      },
    ]);
    expect(overlaps).toBe(true);
    expect(await stored(conflict)).toMatchObject({
      conflict,
      record,
      by: `user:${anna.id}`,
      via: 'api',
      baseVersion: 1,
      currentVersion: 2,
      fields,
      overlaps: true,
      resolved: null,
    });
  });

  it('R2.2 a repeated Idempotency-Key names the same conflict', async () => {
    await patch(1, { note: 'theirs' }, { as: ben });
    const headers = { 'idempotency-key': `lost-twice-${record}` };
    const [first, second] = [
      conflictIn(await expectProblem(await patch(1, { note: 'mine' }, { headers }), 'version-conflict')),
      conflictIn(await expectProblem(await patch(1, { note: 'mine' }, { headers }), 'version-conflict')),
    ];
    expect(second).toEqual(first);
    expect(idsOf(await list(`?record=${record}`))).toEqual([first.conflict]);
  });

  it('R5.2 settles it with a further edit that says so', async () => {
    const { conflict } = await openConflict();
    const operation = `settles-${record}`;
    const response = await call('/edits', {
      method: 'POST',
      json: {
        operation,
        items: [{ record, baseVersion: 2, set: { note: 'both' }, resolves: { conflict, as: 'merged' } }],
      },
    });
    expect(await response.json()).toEqual({ operation, outcomes: [{ record, outcome: 'accepted', version: 3 }] });
    expect((await stored(conflict)).resolved).toMatchObject({
      resolution: 'merged',
      by: `user:${anna.id}`,
      operation,
    });
  });

  it.each([
    ['another word', { conflict: UNKNOWN, as: 'kept-theirs' }, 'items.0.resolves.as'],
    ['no id', { conflict: 'mine', as: 'merged' }, 'items.0.resolves.conflict'],
  ])('is refused when it says so with %s', async (_, resolves, path) => {
    const response = await call('/edits', {
      method: 'POST',
      json: { operation: 'resolves-badly', items: [{ record, baseVersion: 1, set: { note: 'a' }, resolves }] },
    });
    const { errors } = await expectProblem(response, 'invalid-field');
    expect(errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('the list of conflicts', () => {
  it("R5.2 is one's own, for an admin everyone's", async () => {
    const { conflict: ofAnna } = await openConflict();
    const { conflict: ofBen } = conflictIn(
      await expectProblem(await patch(1, { caseId: 'F-1' }, { as: ben }), 'version-conflict'),
    );
    expect(idsOf(await list(`?record=${record}`))).toEqual([ofAnna]);
    expect(idsOf(await list(`?record=${record}`, ben))).toEqual([ofBen]);
    expect(idsOf(await list(`?record=${record}`, carla))).toEqual([ofBen, ofAnna]);
    expect((await stored(ofBen, carla)).by).toBe(`user:${ben.id}`);
    await expectProblem(await call(`/conflicts/${ofBen}`), 'conflict-not-found');
  });

  it("R5.2 R5.5 is everyone's for an auditor, who settles none; that they looked is on record with the first page", async () => {
    const { conflict: ofAnna } = await openConflict();
    const olga = await cluster.addPerson('Olga', { workspace: cluster.workspace, role: 'auditor' });
    const readsOf = async (id: string) =>
      (
        await cluster.sql(
          `select after -> 'filter' as filter from events where kind = 'audit-read' and actor = $1 order by id`,
          [`user:${id}`],
        )
      ).map(({ filter }) => filter);
    expect(idsOf(await list(`?record=${record}`, olga))).toEqual([ofAnna]);
    expect((await stored(ofAnna, olga)).by).toBe(`user:${anna.id}`);
    await list('?state=all', olga);
    await list(`?state=all&before=${ofAnna}`, olga);
    expect(await readsOf(olga.id)).toEqual([{ groups: ['conflict'], record }, { groups: ['conflict'] }]);
    await expectProblem(await resolve(ofAnna, 'dropped', olga), 'forbidden');
    // An admin has what is open before them all day.
    await list('?state=open', carla);
    await list(`?state=all&record=${record}`, carla);
    expect(await readsOf(carla.id)).toEqual([]);
    await list('?state=all', carla);
    expect(await readsOf(carla.id)).toEqual([{ groups: ['conflict'] }]);
  });

  it('R5.2 shows open ones, or all, newest first and by page', async () => {
    await patch(1, { note: 'theirs' }, { as: ben });
    const ids: string[] = [];
    for (const note of ['a', 'b', 'c']) {
      ids.unshift(conflictIn(await expectProblem(await patch(1, { note }), 'version-conflict')).conflict);
    }
    await resolve(ids[1] ?? '', 'dropped');
    expect(idsOf(await list(`?record=${record}`))).toEqual([ids[0], ids[2]]);
    const first = await list(`?record=${record}&state=all&limit=2`);
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.next).toBe(ids[1]);
    const second = await list(`?record=${record}&state=all&limit=2&before=${first.next}`);
    expect({ ids: idsOf(second), next: second.next }).toEqual({ ids: [ids[2]], next: null });
  });

  it.each(['?state=closed', '?record=x', '?record=0', '?before=1', '?limit=0', '?limit=201', '/not-a-uuid'])(
    '%s is refused',
    async (query) => {
      await expectProblem(await call(`/conflicts${query}`), 'bad-request');
    },
  );

  it('what is not there is not found, nor is what another workspace has', async () => {
    const { conflict } = await openConflict();
    await expectProblem(await call(`/conflicts/${UNKNOWN}`), 'conflict-not-found');
    await expectProblem(await call(`/conflicts?before=${UNKNOWN}`), 'conflict-not-found');
    const workspace = await cluster.addWorkspace('Zweitklinik');
    const olga = await cluster.addPerson('Olga', { workspace, role: 'admin' });
    const path = workspacePath(cluster, `/conflicts/${conflict}`, workspace);
    await expectProblem(await callHttp(cluster, path, { as: olga }), 'conflict-not-found');
    const settle = { as: olga, method: 'POST', json: { resolution: 'dropped' } };
    await expectProblem(await callHttp(cluster, `${path}/resolution`, settle), 'conflict-not-found');
    await expectProblem(await call(`/conflicts/${conflict}`, { as: olga }), 'workspace-not-found');
    await expectProblem(await call('/conflicts', { as: undefined }), 'unauthenticated');
    expect((await stored(conflict)).resolved).toBeNull();
  });
});

describe('a resolution without an edit', () => {
  it.each(['kept-theirs', 'dropped'] as const)('R5.2 %s is kept, once, and may be said again', async (resolution) => {
    const { conflict } = await openConflict();
    const response = await resolve(conflict, resolution);
    expect(response.status).toBe(200);
    const settled = (await response.json()) as StoredConflict;
    expect(settled.resolved).toMatchObject({ resolution, by: `user:${anna.id}`, operation: null });
    const again = await resolve(conflict, resolution, carla);
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(settled);
    await expectProblem(
      await resolve(conflict, resolution === 'dropped' ? 'kept-theirs' : 'dropped'),
      'conflict-settled',
    );
    expect(await stored(conflict)).toEqual(settled);
  });

  it('R5.2 of one that an edit settled is refused', async () => {
    const { conflict } = await openConflict();
    const items = [{ record, baseVersion: 2, set: { note: 'mine' }, resolves: { conflict, as: 'reapplied' } }];
    await call('/edits', { method: 'POST', json: { operation: `reapplies-${record}`, items } });
    await expectProblem(await resolve(conflict, 'dropped'), 'conflict-settled');
    expect((await stored(conflict)).resolved?.resolution).toBe('reapplied');
  });

  it("R5.2 an admin may settle anyone's, others only their own", async () => {
    const { conflict } = await openConflict();
    await expectProblem(await resolve(conflict, 'dropped', ben), 'conflict-not-found');
    expect((await stored(conflict)).resolved).toBeNull();
    expect(await (await resolve(conflict, 'dropped', carla)).json()).toMatchObject({
      by: `user:${anna.id}`,
      resolved: { by: `user:${carla.id}` },
    });
  });

  it('who has become a viewer still reads their own, and settles none', async () => {
    const dora = await cluster.addPerson('Dora', { workspace: cluster.workspace, role: 'editor' });
    await patch(1, { note: 'theirs' }, { as: ben });
    const { conflict } = conflictIn(
      await expectProblem(await patch(1, { note: 'mine' }, { as: dora }), 'version-conflict'),
    );
    await cluster.sql(`update members set role = 'viewer' where user_id = $1`, [dora.id]);
    expect((await stored(conflict, dora)).resolved).toBeNull();
    expect(idsOf(await list('', dora))).toEqual([conflict]);
    await expectProblem(await resolve(conflict, 'dropped', dora), 'forbidden');
    expect((await stored(conflict, dora)).resolved).toBeNull();
  });

  it.each([{ resolution: 'merged' }, { resolution: 'dropped', more: 1 }, {}, null])('%j is none', async (json) => {
    const { conflict } = await openConflict();
    const response = await call(`/conflicts/${conflict}/resolution`, { method: 'POST', json });
    await expectProblem(response, 'invalid-field');
    expect((await stored(conflict)).resolved).toBeNull();
  });
});

describe('an edit that cannot be', () => {
  it('of a deleted record says so', async () => {
    await cluster.sql('delete from records where id = $1', [record]);
    await expectProblem(await patch(1, { note: 'late' }), 'record-deleted');
    const workspace = await cluster.addWorkspace('Drittklinik');
    const olga = await cluster.addPerson('Olga', { workspace, role: 'editor' });
    const response = await callHttp(cluster, workspacePath(cluster, `/records/${record}`, workspace), {
      as: olga,
      method: 'PATCH',
      headers: { 'if-match': '"1"' },
      json: { note: 'late' },
    });
    await expectProblem(response, 'record-not-found');
  });

  it('R2.5 without a version, or as a viewer, leaves no conflict either', async () => {
    const vera = await cluster.addPerson('Vera', { workspace: cluster.workspace, role: 'viewer' });
    await patch(1, { note: 'theirs' }, { as: ben });
    await expectProblem(await patch(1, { note: 'mine' }, { as: vera }), 'forbidden');
    const blind = await call(`/records/${record}`, { method: 'PATCH', json: { note: 'mine' } });
    await expectProblem(blind, 'precondition-required');
    await expectProblem(await patch(7, { note: 'mine' }), 'version-unknown');
    expect(await list(`?record=${record}&state=all`, carla)).toEqual({ conflicts: [], next: null });
    const [row] = await cluster.sql('select note, version from records where id = $1', [record]);
    expect(row).toEqual({ note: 'theirs', version: 2 });
  });
});

it('the description names the routes of conflicts and what an edit may answer', async () => {
  const { paths } = (await (await callHttp(cluster, '/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  const path = (rest: string) => paths[`/api/v1/workspaces/{workspace}${rest}`];
  expect(path('/conflicts')?.['get']).toBeDefined();
  expect(path('/conflicts/{conflict}')?.['get']).toBeDefined();
  expect(Object.keys(path('/conflicts/{conflict}/resolution')?.['post']?.responses ?? {})).toContain('409');
  const answers = Object.keys(path('/records/{record}')?.['patch']?.responses ?? {});
  expect(answers).toEqual(expect.arrayContaining(['410', '412', '422', '423', '428']));
});
