import type { Change } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { makeRecord } from '../../test/records.ts';
import { createWatchedRecords } from './watched-records.ts';

const one = makeRecord(1, { caseId: 'F-1', version: 3 });
const other = makeRecord(2, { caseId: 'F-2' });
const watchCase = () => createWatchedRecords([{ kind: 'case', caseId: 'F-1', records: [one] }], new Map([[1, one]]));
const change = (record: number, version: number, set: Change['set'], op: Change['op'] = 'update'): Change => ({
  record,
  version,
  op,
  set,
  by: 'user:u1',
  via: 'web',
  at: '2026-01-22T10:00:00.000000Z',
});
const readNothing = () => Promise.reject(new Error('nothing is to be read'));

it('tells of a watched record what it was and what it is, and of others nothing', async () => {
  const watched = watchCase();
  const applied = await watched.apply([change(1, 4, { note: 'neu' }), change(2, 2, { note: 'fremd' })], readNothing);
  expect(applied).toMatchObject([{ before: { note: null }, after: { note: 'neu', version: 4 } }]);
});

it('tells of a change once, though a merged frame brings it again', async () => {
  const watched = watchCase();
  await watched.apply([change(1, 4, { note: 'neu' })], readNothing);
  expect(await watched.apply([change(1, 4, { note: 'neu' })], readNothing)).toEqual([]);
});

it('watches a record from when it comes into the case until it has left it', async () => {
  const watched = watchCase();
  const come = await watched.apply([change(2, 2, { caseId: 'F-1' })], async () => ({
    ...other,
    caseId: 'F-1',
    version: 2,
  }));
  expect(come).toMatchObject([{ before: undefined, after: { id: 2, caseId: 'F-1' } }]);
  expect(watched.ids).toEqual([1, 2]);
  expect(await watched.apply([change(2, 3, { caseId: 'F-9' })], readNothing)).toMatchObject([
    { after: { caseId: 'F-9' } },
  ]);
  expect(watched.ids).toEqual([1]);
  expect(await watched.apply([change(2, 4, { note: 'x' })], readNothing)).toEqual([]);
});

it('tells of a deleted one what it was', async () => {
  const watched = watchCase();
  expect(await watched.apply([change(1, 4, {}, 'delete')], readNothing)).toMatchObject([
    { before: { id: 1 }, after: undefined },
  ]);
  expect(watched.size).toBe(0);
});
