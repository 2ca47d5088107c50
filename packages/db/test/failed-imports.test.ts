import { sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { beginImport, commitImportBatch, countFailedImport, createImport, endImport } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
beforeEach(async () => {
  setup = await createEditSetup();
});
afterEach(() => setup[Symbol.asyncDispose]());

it('R2.4 attempts of an import that failed count from the last batch that was committed, and not after its end', async () => {
  const { database, workspace } = setup;
  const input = { workspaceId: workspace, userId: 'anna', filename: 'test.csv', sizeBytes: 1 };
  const { id } = await createImport(database, { ...input, content: { bytes: new Uint8Array(1) } });
  const job = await beginImport(database, id);
  if (!job) throw new Error('the import did not begin');
  for (const failedAttempts of [1, 2]) {
    expect(await countFailedImport(database, id)).toEqual({ workspaceId: workspace, failedAttempts });
  }
  const batch = { accepted: [{ ...sampleMeldebestaetigung(1), caseId: null }], repeated: 0, noted: [], lastLine: 2 };
  expect(await commitImportBatch(database, job, 0, batch)).toMatchObject({ rows: { new: 1 } });
  expect(await countFailedImport(database, id)).toMatchObject({ failedAttempts: 1 });
  await endImport(database, id, { code: 'internal', params: {} });
  expect(await countFailedImport(database, id)).toBeUndefined();
});
