import { createServiceAccount, createServiceToken } from '@meldesync/db';
import { API_PREFIX, type ErrorCode, type Problem } from '@meldesync/protocol';
import { callHttp, expectProblem } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { addTeam, age, POSITIONS, type Position, setUpAdministration } from './administration-setup.ts';

const { cluster, database, call, done } = await setUpAdministration();
const team = await addTeam(cluster);
const stale = await cluster.addPerson('Sina Alt', { workspace: cluster.workspace, role: 'admin' });
await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [stale.id]);
await age(cluster, stale, 16);

const NOBODY = 'nobody-of-that-id';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const SOON = new Date(Date.now() + 3_600_000).toISOString();

interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As the description has it. */
  readonly path: string;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Who is let through, beside administrators of the installation. */
  readonly also: readonly Position[];
  /** What gives somebody rights asks for a session that was proved lately. */
  readonly isFresh: boolean;
}

const WORKSPACE = '/administration/workspaces/{workspace}';
const IF_MATCH = { 'if-match': '"1"' };

/** Whom a route is about does not exist: who is let through hears so, and nothing is changed. */
const ROUTES: readonly Route[] = [
  { method: 'get', path: '/administration/workspaces', also: POSITIONS, isFresh: false },
  { method: 'post', path: '/administration/workspaces', json: { name: 'Neu' }, also: [], isFresh: false },
  { method: 'patch', path: WORKSPACE, json: {}, headers: { 'if-match': '"99"' }, also: ['admin'], isFresh: false },
  { method: 'get', path: `${WORKSPACE}/members`, also: ['admin'], isFresh: false },
  {
    method: 'post',
    path: `${WORKSPACE}/members`,
    json: { account: NOBODY, role: 'viewer' },
    also: [],
    isFresh: true,
  },
  {
    method: 'patch',
    path: `${WORKSPACE}/members/{account}`,
    json: { role: 'viewer' },
    headers: IF_MATCH,
    also: ['admin'],
    isFresh: true,
  },
  { method: 'delete', path: `${WORKSPACE}/members/{account}`, also: ['admin'], isFresh: false },
  { method: 'get', path: `${WORKSPACE}/invitations`, also: ['admin'], isFresh: false },
  {
    method: 'post',
    path: `${WORKSPACE}/invitations`,
    json: { email: 'neu@klinik.example', role: 'viewer' },
    also: ['admin'],
    isFresh: true,
  },
  {
    method: 'post',
    path: `${WORKSPACE}/invitations/import`,
    headers: { 'content-type': 'text/csv' },
    body: 'email;rolle\nimport@klinik.example;viewer',
    also: ['admin'],
    isFresh: true,
  },
  { method: 'post', path: `${WORKSPACE}/invitations/{invitation}/renew`, also: ['admin'], isFresh: true },
  { method: 'delete', path: `${WORKSPACE}/invitations/{invitation}`, also: ['admin'], isFresh: false },
  { method: 'get', path: `${WORKSPACE}/service-accounts`, also: ['admin'], isFresh: false },
  {
    method: 'post',
    path: `${WORKSPACE}/service-accounts`,
    json: { name: 'Bericht', role: 'viewer' },
    also: ['admin'],
    isFresh: true,
  },
  {
    method: 'post',
    path: `${WORKSPACE}/service-accounts/{account}/tokens`,
    json: { label: 'Nachts', maxRole: 'viewer', expiresAt: SOON },
    also: ['admin'],
    isFresh: true,
  },
  { method: 'delete', path: `${WORKSPACE}/service-accounts/{account}/tokens`, also: ['admin'], isFresh: false },
  { method: 'delete', path: `${WORKSPACE}/service-accounts/{account}/tokens/{token}`, also: ['admin'], isFresh: false },
  { method: 'get', path: `${WORKSPACE}/events`, also: ['admin'], isFresh: false },
  { method: 'get', path: '/administration/accounts', also: [], isFresh: false },
  {
    method: 'post',
    path: '/administration/accounts',
    json: { name: 'Nora Neu', email: 'nora@klinik.example' },
    also: [],
    isFresh: true,
  },
  { method: 'patch', path: '/administration/accounts/{account}', json: { name: 'Nora' }, also: [], isFresh: true },
  { method: 'delete', path: '/administration/accounts/{account}', also: [], isFresh: true },
  { method: 'post', path: '/administration/accounts/{account}/password-link', also: [], isFresh: true },
  { method: 'delete', path: '/administration/accounts/{account}/sessions', also: [], isFresh: false },
  { method: 'delete', path: '/administration/accounts/{account}/second-factors', also: [], isFresh: true },
  {
    method: 'post',
    path: '/administration/accounts/{account}/merge',
    json: { into: 'another' },
    also: [],
    isFresh: true,
  },
  { method: 'delete', path: '/administration/accounts/{account}/single-sign-on', also: [], isFresh: true },
  { method: 'get', path: '/administration/events', also: [], isFresh: false },
  { method: 'post', path: '/administration/audit/query', json: {}, also: [], isFresh: false },
  { method: 'post', path: '/administration/audit/export', json: { format: 'csv' }, also: [], isFresh: false },
  { method: 'get', path: '/administration/retention-runs', also: [], isFresh: false },
  { method: 'post', path: '/administration/retention-runs', json: { isDryRun: false }, also: [], isFresh: true },
  { method: 'get', path: `${WORKSPACE}/erasures`, also: ['admin'], isFresh: false },
  // Refused in the end, since the reason names the case.
  {
    method: 'post',
    path: `${WORKSPACE}/erasures`,
    json: { caseId: NOBODY, reason: `Antrag ${NOBODY}` },
    also: ['admin'],
    isFresh: true,
  },
];

const pathOf = ({ path }: Route, workspace = cluster.workspace) =>
  path
    .replace('{workspace}', workspace)
    .replace('{account}', NOBODY)
    .replace('{invitation}', UNKNOWN)
    .replace('{token}', NOBODY);

const send = (route: Route, as: { token: string } | undefined, workspace?: string) =>
  call(pathOf(route, workspace), {
    as,
    method: route.method.toUpperCase(),
    ...(route.headers ? { headers: route.headers } : {}),
    ...(route.json === undefined ? {} : { json: route.json }),
    ...(route.body === undefined ? {} : { body: route.body }),
  });

/** What refuses for want of rights; whoever is let through hears something else. */
const REFUSALS: readonly string[] = [
  'unauthenticated',
  'forbidden',
  'workspace-not-found',
  'reauthentication-needed',
] satisfies ErrorCode[];

async function refusalOf(response: Response): Promise<string | null> {
  if (response.ok) return null;
  const { code } = (await response.json()) as Problem;
  return REFUSALS.includes(code) ? code : null;
}

function expectedOf(route: Route, position: Position): string | null {
  if (position === 'installation' || route.also.includes(position)) return null;
  return position === 'outsider' && route.path.startsWith(WORKSPACE) ? 'workspace-not-found' : 'forbidden';
}

describe('who may what', () => {
  it.each(ROUTES)('$method $path', async (route) => {
    expect(await refusalOf(await send(route, undefined))).toBe('unauthenticated');
    const heard: Record<string, string | null> = {};
    const expected: Record<string, string | null> = {};
    for (const position of POSITIONS) {
      heard[position] = await refusalOf(await send(route, team[position]));
      expected[position] = expectedOf(route, position);
    }
    expect(heard).toEqual(expected);
  });

  it.each(ROUTES)('$method $path asks again who one is only where it gives rights', async (route) => {
    expect(await refusalOf(await send(route, stale))).toBe(route.isFresh ? 'reauthentication-needed' : null);
  });

  it('the table has every route of administration', async () => {
    const { paths } = (await (await callHttp(cluster, '/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      path.includes('/administration/') ? Object.keys(methods).map((method) => `${method} ${path}`) : [],
    );
    const listed = ROUTES.map(({ method, path }) => `${method} ${API_PREFIX}${path}`);
    expect(listed.toSorted()).toEqual(described.toSorted());
  });

  it.each(['email;rolle', 'email;rolle\nkeine-adresse;viewer'])(
    'a file that invites nobody opens nothing: %j',
    async (body) => {
      const [route] = ROUTES.filter(({ path }) => path.endsWith('/import'));
      if (!route) throw new Error('no route imports members');
      const file = { ...route, body };
      for (const as of [team.editor, team.viewer]) await expectProblem(await send(file, as), 'forbidden');
      for (const workspace of [cluster.workspace, UNKNOWN])
        await expectProblem(await send(file, team.outsider, workspace), 'workspace-not-found');
      await expectProblem(await send(file, stale), 'reauthentication-needed');
      expect((await send(file, team.admin)).status).toBe(200);
    },
  );

  it('a workspace that is not there is told of alike, to whoever asks', async () => {
    for (const route of ROUTES.filter(({ path }) => path.startsWith(WORKSPACE))) {
      const answers = [await send(route, team.admin, UNKNOWN), await send(route, team.outsider, UNKNOWN)];
      for (const answer of answers) await expectProblem(answer, 'workspace-not-found');
    }
  });
});

it('a program administers nothing, whatever role it has', async () => {
  const { id: userId } = team.admin;
  const [session] = await cluster.sql('select id from auth.session where user_id = $1', [userId]);
  const administrator = { actor: `user:${userId}`, userId, sessionId: String(session?.['id']), address: null };
  const { workspace: workspaceId } = cluster;
  const { member } = await createServiceAccount(database, administrator, {
    workspaceId,
    name: 'Skript',
    role: 'admin',
  });
  const { secret } = await done<{ secret: string }>(
    `/administration/workspaces/${workspaceId}/service-accounts/${member.id}/tokens`,
    { as: team.admin, method: 'POST', json: { label: 'Nachts', maxRole: 'admin', expiresAt: SOON } },
  );
  expect(await done('/me', { as: { token: secret } })).toMatchObject({
    workspaces: [{ id: workspaceId, role: 'admin' }],
  });
  for (const route of ROUTES.filter(({ path }) => path !== '/administration/workspaces'))
    expect(await refusalOf(await send(route, { token: secret })), `${route.method} ${route.path}`).toBe('forbidden');
  await expect(
    createServiceToken(database, administrator, {
      workspaceId,
      userId: team.editor.id,
      label: 'Nachts',
      maxRole: 'viewer',
      expiresAt: new Date(SOON),
      stored: { token: 'a token', keyId: null },
    }),
  ).rejects.toMatchObject({ code: 'member-not-found' });
});

it('who administers a workspace renames it, and does not archive it', async () => {
  const path = `/administration/workspaces/${cluster.workspace}`;
  const change = (as: { token: string }, json: unknown, version: number) =>
    call(path, { as, method: 'PATCH', json, headers: { 'if-match': `"${version}"` } });
  await expectProblem(await change(team.admin, { isArchived: true }, 1), 'forbidden');
  const renamed = await change(team.admin, { name: 'Testklinik Nord' }, 1);
  expect(await renamed.json()).toMatchObject({ name: 'Testklinik Nord', version: 2 });
  const archived = await change(team.installation, { isArchived: true }, 2);
  expect(await archived.json()).toMatchObject({ archivedAt: expect.any(String), version: 3 });
  await expectProblem(
    await call(`/workspaces/${cluster.workspace}/members`, { as: team.admin }),
    'workspace-not-found',
  );
  await expectProblem(await change(team.admin, { name: 'Noch da' }, 3), 'workspace-not-found');
  expect((await change(team.installation, { isArchived: false }, 3)).status).toBe(200);
  expect((await call(`/workspaces/${cluster.workspace}/members`, { as: team.admin })).status).toBe(200);
});
