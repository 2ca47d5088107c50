import type { ClientRecord } from '@meldesync/client';
import { parseIbeSegment } from '@meldesync/domain';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../../test/sample-record.ts';
import { groupRecords } from '../../../sync/live-cases.ts';
import { doneState, sharedValue, statusKind, statusReason } from './case-facts.ts';

let nextId = 1;

interface Kind {
  readonly art: 'C' | 'G';
  readonly typ?: number;
  readonly seq?: number;
  readonly qc?: 0 | 1;
}

function record({ art, typ = 0, seq = 2, qc = 1 }: Kind, changes: Partial<ClientRecord> = {}): ClientRecord {
  const hashString = `A123456789&20240701001&260530103&${art === 'G' ? 'GRZ' : 'KDK'}K00001&${typ}&O&9&1&${art}&${seq}&${qc}`;
  const ibe = `IBE+A123456789+${hashString}+9+${'ab'.repeat(32)}`;
  return sampleRecord(nextId++, 'F-1', { ibe, mb: parseIbeSegment(ibe), ...changes });
}

const status = (...records: ClientRecord[]): readonly [string, string] => {
  const [row] = groupRecords(records);
  if (!row) throw new Error('no row');
  return [statusKind(row), statusReason(row)];
};

describe('the status of a case', () => {
  it('is valid with both halves billable, and without sequencing with the clinical one', () => {
    expect(status(record({ art: 'G' }), record({ art: 'C' }))).toEqual(['valid', 'valid']);
    expect(status(record({ art: 'C', seq: 0 }))).toEqual(['valid', 'validWithoutSequencing']);
  });

  it('names what keeps a complete case from being valid', () => {
    expect(status(record({ art: 'G', qc: 0 }), record({ art: 'C' }))).toEqual(['complete', 'completeQc']);
    expect(status(record({ art: 'G', typ: 2 }), record({ art: 'C' }))).toEqual(['complete', 'completeTyp']);
  });

  it('names the half that is missing', () => {
    expect(status(record({ art: 'G' }))).toEqual(['genomicOnly', 'genomicOnly']);
    expect(status(record({ art: 'C' }))).toEqual(['clinicalOnly', 'clinicalOnly']);
  });

  it('is done before all else, and unreadable when nothing can be read', () => {
    const done = { done: true };
    expect(status(record({ art: 'G', qc: 0 }, done), record({ art: 'C' }, done))[0]).toBe('done');
    expect(status(record({ art: 'C' }, { mb: null }))).toEqual(['unreadable', 'unreadable']);
  });
});

describe('sharedValue', () => {
  const withNotes = (...notes: (string | null)[]): ClientRecord[] =>
    notes.map((note) => record({ art: 'C' }, { note }));

  it('is the note of the case when one half has it or both agree', () => {
    expect(sharedValue(withNotes('x', null), 'note')).toEqual({ isShared: true, value: 'x' });
    expect(sharedValue(withNotes('x', 'x'), 'note')).toEqual({ isShared: true, value: 'x' });
    expect(sharedValue(withNotes(null, null), 'note')).toEqual({ isShared: true, value: null });
  });

  it('is none when the halves differ: one must not be overwritten unseen', () => {
    expect(sharedValue(withNotes('x', 'y'), 'note')).toEqual({ isShared: false });
  });
});

describe('doneState', () => {
  it('tells all, some and none apart', () => {
    const done = record({ art: 'G' }, { done: true });
    const open = record({ art: 'C' });
    expect([doneState([done, done]), doneState([done, open]), doneState([open])]).toEqual(['all', 'some', 'none']);
  });
});
