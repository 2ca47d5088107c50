import type { StoredConflict } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../test/sample-record.ts';
import { reviveConflict } from './revive-conflict.ts';

const STORED: StoredConflict = {
  conflict: '00000000-0000-4000-8000-000000000001',
  record: 1,
  by: 'user:anna',
  via: 'web',
  operation: 'operation-1',
  baseVersion: 1,
  currentVersion: 2,
  fields: [
    {
      field: 'note',
      base: null,
      current: 'von Ben',
      attempted: 'von Anna',
      changed: { by: 'user:ben', at: '2026-01-02T00:00:00.000Z', version: 2 },
    },
    { field: 'done', base: false, current: false, attempted: true },
  ],
  overlaps: true,
  at: '2026-01-02T00:00:01.000Z',
  resolved: null,
};
const THEN = { ...sampleRecord(1, 'F-1'), version: 2, note: 'von Ben', updatedBy: 'user:ben' };

describe('a conflict of an earlier page (R2.2)', () => {
  it('is the one that it was while nobody changed the record', () => {
    const { set, outcome } = reviveConflict(STORED, THEN);
    expect(set).toEqual({ note: 'von Anna', done: true });
    expect(outcome.fields).toEqual(STORED.fields);
    expect(outcome).toMatchObject({ overlaps: true, current: { version: 2, note: 'von Ben' } });
  });

  it('shows the record as it is now, with who made it so', () => {
    const now = { ...THEN, version: 5, note: 'von Cem', updatedBy: 'user:cem', updatedAt: '2026-02-01T00:00:00.000Z' };
    const { outcome } = reviveConflict(STORED, now);
    expect(outcome.current.version).toBe(5);
    expect(outcome.fields[0]).toMatchObject({ current: 'von Cem', changed: { by: 'user:cem', version: 5 } });
  });

  it('has nothing to overlap once all stands as it was wanted', () => {
    const { outcome } = reviveConflict(STORED, { ...THEN, version: 3, note: 'von Anna', done: true });
    expect(outcome.overlaps).toBe(false);
  });
});
