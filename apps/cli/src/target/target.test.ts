import { describe, expect, it } from 'vitest';
import { makeRecord, makeStore } from '../../test/records.ts';
import { CliError } from '../errors.ts';
import { findTarget } from './target.ts';

function record(id: number, vorgangsnummer: string, caseId: string | null) {
  return makeRecord(id, { vorgangsnummer: vorgangsnummer.padEnd(64, '0'), caseId });
}

const store = makeStore(
  record(1, '9a72b41f', 'F-10'),
  record(2, '9a72b41e', 'F-10'),
  record(3, '10234abc', null),
  record(17, 'cafe0001', '10234'),
  record(20, 'cafe0002', '17'),
);

function keyOf(text: string): unknown {
  try {
    return findTarget(text, store);
  } catch (error) {
    return error instanceof CliError ? { key: error.key, ...error.params } : error;
  }
}

describe('what the command line names', () => {
  it('is a case with all its records', () => {
    expect(findTarget('F-10', store)).toMatchObject({ kind: 'case', records: [{ id: 1 }, { id: 2 }] });
  });

  it('is a record by its number', () => {
    expect(findTarget('3', store)).toMatchObject({ kind: 'record', record: { id: 3 } });
  });

  it('is a record by the beginning of its Vorgangsnummer, in either case, as a list shows it', () => {
    expect(findTarget('CAFE0001', store)).toMatchObject({ record: { id: 17 } });
    expect(findTarget('cafe0001…', store)).toMatchObject({ record: { id: 17 } });
  });

  it('is a case rather than the beginning of a Vorgangsnummer', () => {
    expect(findTarget('10234', store)).toMatchObject({ kind: 'case', caseId: '10234' });
    expect(findTarget('vn:10234', store)).toMatchObject({ kind: 'record', record: { id: 3 } });
  });

  it('is refused when a case id and a record number are the same', () => {
    expect(keyOf('17')).toMatchObject({ key: 'targetAmbiguous', candidates: 'case:17, record:17' });
    expect(findTarget('case:17', store)).toMatchObject({ kind: 'case', records: [{ id: 20 }] });
    expect(findTarget('record:17', store)).toMatchObject({ record: { id: 17 } });
  });

  it('is refused when several Vorgangsnummern begin like that', () => {
    expect(keyOf('9a72b41')).toMatchObject({ key: 'targetAmbiguous' });
  });

  it('is refused when there is nothing', () => {
    expect(keyOf('F-11')).toEqual({ key: 'targetNotFound', target: 'F-11' });
    expect(keyOf('record:99')).toEqual({ key: 'targetNotFound', target: 'record:99' });
    expect(keyOf('9a')).toMatchObject({ key: 'targetTooShort' });
    expect(keyOf('')).toMatchObject({ key: 'targetNotFound' });
  });
});
