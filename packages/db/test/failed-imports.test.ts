import { sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  beginImport,
  commitImportBatch,
  countFailedImport,
  createImport,
  endImport,
  listImportRows,
} from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
beforeEach(async () => {
  setup = await createEditSetup();
});
afterEach(() => setup[Symbol.asyncDispose]());

it('R2.4 attempts of an import that failed count from the last batch that was committed, and not after its end', async () => {
  const { database, worker, workspace } = setup;
  const input = { workspaceId: workspace, userId: 'anna', filename: 'test.csv', sizeBytes: 1 };
  const { id } = await createImport(database, { ...input, content: { bytes: new Uint8Array(1) } });
  const job = await beginImport(worker, id);
  if (!job) throw new Error('the import did not begin');
  for (const failedAttempts of [1, 2]) {
    expect(await countFailedImport(worker, id)).toEqual({ workspaceId: workspace, failedAttempts });
  }
  const batch = {
    accepted: [{ ...sampleMeldebestaetigung(1), caseId: null, lines: [2] }],
    repeated: 0,
    noted: [],
    lastLine: 2,
  };
  expect(
    await commitImportBatch(worker, job, batch, { position: job.position, maxWarned: 10, maxDeferred: 0 }),
  ).toMatchObject({ summary: { rows: { new: 1 } } });
  expect(await countFailedImport(worker, id)).toMatchObject({ failedAttempts: 1 });
  await endImport(worker, id, { code: 'internal', params: {} });
  expect(await countFailedImport(worker, id)).toBeUndefined();
});

it('the warnings of an import are kept up to a number, and counted beyond it', async () => {
  const { database, worker, workspace } = setup;
  const input = { workspaceId: workspace, userId: 'anna', filename: 'test.csv', sizeBytes: 1 };
  const { id } = await createImport(database, { ...input, content: { bytes: new Uint8Array(1) } });
  const job = await beginImport(worker, id);
  if (!job) throw new Error('the import did not begin');
  const note = (line: number, outcome: 'warned' | 'rejected') => ({
    line,
    outcome,
    vorgangsnummer: null,
    findings: [],
  });
  const batch = (first: number) => ({
    accepted: [],
    repeated: 2,
    noted: [note(first, 'warned'), note(first + 1, 'rejected'), note(first + 2, 'warned')],
    lastLine: first + 2,
  });
  const commit = (committedLine: number, first: number) =>
    commitImportBatch(worker, job, batch(first), {
      position: { committedLine, deferredLines: [] },
      maxWarned: 3,
      maxDeferred: 0,
    });
  await commit(0, 2);
  await commit(4, 5);
  expect(await commit(7, 8)).toMatchObject({ summary: { rows: { warned: 6, rejected: 3 } } });
  const { rows } = await listImportRows(database.drizzle, { importId: id, after: 0, limit: 100, outcome: null });
  expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 9]);
});
