import type { ImportedMembers, SyncedRecord } from '@meldesync/protocol';
import { openTransaction } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { addTeam, setUpAdministration } from './administration-setup.ts';

const { cluster, call, done } = await setUpAdministration();
const team = await addTeam(cluster);
const [record = ''] = await cluster.addRecords(1);
const inWorkspace = `/workspaces/${cluster.workspace}`;

it('an act on the people of a workspace that takes long keeps no edit waiting', async () => {
  const invitations = `/administration${inWorkspace}/invitations`;
  const wanted = { as: team.admin, method: 'POST', json: { email: 'neu@klinik.example', role: 'viewer' } };
  await done(invitations, wanted);
  await using open = await openTransaction(cluster.database.ownerUrl);
  await open.query('select 1 from invitations where email = $1 for update', ['neu@klinik.example']);
  // It has locked the workspace, and waits for the invitation that it takes the place of.
  const waiting = call(invitations, wanted);
  await expect.poll(async () => (await blocked()).length).toBeGreaterThan(0);
  const { version } = await done<SyncedRecord>(`${inWorkspace}/records/${record}`, { as: team.editor });
  const edited = await call(`${inWorkspace}/records/${record}`, {
    as: team.editor,
    method: 'PATCH',
    headers: { 'if-match': `"${version}"` },
    json: { note: 'meanwhile' },
  });
  expect(edited.status).toBe(200);
  expect(await blocked()).toHaveLength(1);
  await open.rollback();
  await waiting;
});

const blocked = () =>
  cluster.sql(
    'select pid from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
  );

it('a list of a thousand people is answered with all their links before its connection is given up', async () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => `person${n}@klinik.example;lesen;Person Nummer ${n}`);
  const answer = await done<ImportedMembers>(`/administration${inWorkspace}/invitations/import`, {
    as: team.admin,
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: ['email;rolle;name', ...rows].join('\n'),
  });
  expect(new Set(answer.rows.map(({ link }) => link?.url)).size).toBe(1_000);
  expect(answer.rows.map(({ email }) => email)).toEqual(rows.map((row) => row.split(';')[0]));
});
