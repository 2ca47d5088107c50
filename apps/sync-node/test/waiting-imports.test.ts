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
