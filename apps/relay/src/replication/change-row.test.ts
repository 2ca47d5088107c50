import { change } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { changeToJson } from './change-row.ts';

const ROW = {
  txid: '7',
  workspace_id: 'w',
  record_id: '12',
  version: '3',
  op: 'update',
  after: '{"note": "Zeile 1\\nZeile 2 \\"zitiert\\" 🧬"}',
  actor: 'db:psql "admin"',
  via: 'sql',
  operation: null,
  at: '2026-01-22 10:00:00.123456+00',
};

it('R5.1 makes a row what clients receive: who, when, from where, and the fields as Postgres printed them', () => {
  expect(change.parse(JSON.parse(changeToJson(ROW)))).toEqual({
    record: 12,
    version: 3,
    op: 'update',
    set: { note: 'Zeile 1\nZeile 2 "zitiert" 🧬' },
    by: 'db:psql "admin"',
    via: 'sql',
    at: '2026-01-22T10:00:00.123456Z',
  });
});

it('names the operation where there is one', () => {
  const named = changeToJson({ ...ROW, via: 'web', operation: 'op-12345678' });
  expect(change.parse(JSON.parse(named))).toMatchObject({ operation: 'op-12345678', via: 'web' });
});
