import { change } from '@meldesync/protocol';
import fc from 'fast-check';
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

it('R5.1 whatever a column holds, the JSON can be read and says the same', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const texts = fc.record({ op: text, actor: text, via: text, operation: text, note: text });
  fc.assert(
    fc.property(texts, ({ note, op, actor, via, operation }) => {
      const json = changeToJson({ ...ROW, op, actor, via, operation, after: JSON.stringify({ note }) });
      expect(JSON.parse(json)).toEqual({
        record: 12,
        version: 3,
        op,
        set: { note },
        by: actor,
        via,
        at: '2026-01-22T10:00:00.123456Z',
        operation,
      });
    }),
  );
});

it('R5.1 a quote puts nothing into the frame', () => {
  const json = changeToJson({ ...ROW, via: 'sql","op":"delete' });
  expect(change.parse(JSON.parse(json))).toMatchObject({ op: 'update', via: 'sql","op":"delete' });
});
