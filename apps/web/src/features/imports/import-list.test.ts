import type { ImportSummary } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { rowsRead, withImport } from './import-list.ts';

function summary(id: string, changes: Partial<ImportSummary> = {}): ImportSummary {
  return {
    id,
    filename: `${id}.csv`,
    sizeBytes: 100,
    status: 'running',
    rows: { new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 },
    progress: 0,
    error: null,
    createdAt: '2025-11-21T08:00:00.000Z',
    finishedAt: null,
    createdBy: 'a',
    cancelledBy: null,
    continuedBy: null,
    ...changes,
  };
}

describe('withImport (R3.1)', () => {
  it('puts a new import where its time says, newest first', () => {
    const older = summary('older', { createdAt: '2025-11-21T07:00:00.000Z' });
    const newer = summary('newer', { createdAt: '2025-11-21T09:00:00.000Z' });
    expect(withImport([summary('b'), older], newer).map(({ id }) => id)).toEqual(['newer', 'b', 'older']);
  });

  it('replaces what is known of an import', () => {
    const list = withImport([summary('a'), summary('b')], summary('a', { progress: 0.5 }));
    expect(list.map(({ id, progress }) => [id, progress])).toEqual([
      ['a', 0.5],
      ['b', 0],
    ]);
  });

  const rows = (count: number) => ({ new: count, updated: 0, unchanged: 0, rejected: 0, warned: 0 });

  it.each([
    ['queued', summary('a', { status: 'queued' }), summary('a')],
    ['running', summary('a', { rows: rows(500) }), summary('a', { rows: rows(1_000) })],
    ['running', summary('a', { rows: rows(500) }), summary('a', { status: 'finished', rows: rows(500) })],
    ['queued', summary('a', { status: 'queued' }), summary('a', { status: 'failed' })],
    ['running', summary('a', { rows: rows(1_000) }), summary('a', { status: 'cancelled', rows: rows(500) })],
  ])('does not go back to %s, whichever of two states of an import was under way for longer', (_, earlier, later) => {
    expect(withImport([later], earlier)).toEqual([later]);
    expect(withImport([earlier], later)).toEqual([later]);
  });
});

describe('rowsRead', () => {
  it('counts every outcome once; warned rows are among them', () => {
    expect(rowsRead(summary('a', { rows: { new: 5, updated: 3, unchanged: 2, rejected: 1, warned: 4 } }))).toBe(11);
  });
});
