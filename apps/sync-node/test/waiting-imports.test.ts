import { expectProblem, type TestPerson } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

// No worker: what is uploaded waits.
const { cluster, anna, call, inWorkspace } = await setUpApi({
  importLimits: { maxWaitingFiles: 4, maxWaitingBytes: 1_000 },
});

const upload = (as: TestPerson, files: number, bytes = 10) => {
  const form = new FormData();
  for (let file = 0; file < files; file++) form.append('file', new Blob(['x'.repeat(bytes)]), `${file}.csv`);
  return call(inWorkspace('/imports'), { method: 'POST', body: form, as });
};
const waiting = async () => (await cluster.sql('select 1 from imports')).length;

it('files that wait are limited for a workspace, half of them for one person; what is too much is refused as a whole', async () => {
  const membership = { workspace: cluster.workspace, role: 'editor' } as const;
  const ben = await cluster.addPerson('Ben', membership);
  const carl = await cluster.addPerson('Carl', membership);

  expect((await upload(anna, 1)).status).toBe(202);
  const refused = await upload(anna, 2);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  await expectProblem(refused, 'too-many-imports');
  expect(await waiting()).toBe(1);
  await expectProblem(await upload(anna, 1, 491), 'too-many-imports');
  expect((await upload(anna, 1, 490)).status).toBe(202);
  await expectProblem(await upload(anna, 1), 'too-many-imports');

  // Her colleagues have the other half, together.
  expect((await upload(ben, 1)).status).toBe(202);
  expect((await upload(carl, 1)).status).toBe(202);
  await expectProblem(await upload(carl, 1), 'too-many-imports');
  expect(await waiting()).toBe(4);

  // Another workspace has its own, and what has ended waits no longer.
  const olga = await cluster.addPerson('Olga', {
    workspace: await cluster.addWorkspace('Zweitklinik'),
    role: 'editor',
  });
  const elsewhere = await cluster.api(olga).me();
  const [{ id: other } = { id: '' }] = elsewhere.workspaces;
  await cluster.api(olga).uploadImports(other, [{ name: 'a.csv', content: new Blob(['x']) }]);
  const [{ id } = { id: '' }] = await cluster.api(ben).imports(cluster.workspace);
  await cluster.api(ben).cancelImport(cluster.workspace, id);
  expect((await upload(ben, 1)).status).toBe(202);
});

it('R5.1 R5.2 whoever cancels is on record, once, with who had begun it; one that has ended is not cancelled', async () => {
  const membership = { workspace: cluster.workspace, role: 'admin' } as const;
  const ada = await cluster.addPerson('Ada', membership);
  const eva = await cluster.addPerson('Eva', { ...membership, role: 'editor' });
  const entries = (id: string) =>
    cluster.sql(`select * from events where kind = 'import-cancelled' and subject = $1`, [`import:${id}`]);
  await cluster.sql(`update imports set status = 'cancelled', finished_at = now()`);
  const [own, other] = await Promise.all([upload(eva, 1), upload(eva, 1)]).then((answers) =>
    Promise.all(answers.map(async (answer) => ((await answer.json()) as { imports: { id: string }[] }).imports[0]?.id)),
  );
  if (!own || !other) throw new Error('nothing was taken');

  for (let time = 0; time < 2; time++) await cluster.api(ada).cancelImport(cluster.workspace, own);
  expect(await entries(own)).toEqual([
    expect.objectContaining({
      actor: `user:${ada.id}`,
      workspace_id: cluster.workspace,
      address: expect.any(String),
      session_id: expect.any(String),
      before: { startedBy: `user:${eva.id}` },
      after: { rows: expect.objectContaining({ new: 0, rejected: 0 }) },
    }),
  ]);

  // Where its person is gone it waits for an administrator, who ends it.
  await call(`/api/v1/administration/workspaces/${cluster.workspace}/members/${eva.id}`, { method: 'DELETE', as: ada });
  expect(await cluster.sql('select status from imports where id = $1', [other])).toEqual([{ status: 'paused' }]);
  expect(await entries(other)).toEqual([]);
  await cluster.api(ada).cancelImport(cluster.workspace, other);
  expect(await entries(other)).toEqual([
    expect.objectContaining({ actor: `user:${ada.id}`, before: { startedBy: `user:${eva.id}` } }),
  ]);
  await cluster.sql(`update imports set status = 'finished' where id = $1`, [other]);
  const again = await call(inWorkspace(`/imports/${other}/cancellation`), { method: 'POST', as: ada });
  await expectProblem(again, 'import-ended');
  expect(await entries(other)).toHaveLength(1);
});
