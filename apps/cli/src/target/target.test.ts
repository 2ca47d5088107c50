import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../test/records.ts';
import { CliError } from '../errors.ts';
import { findTarget, recordsOfItsCase } from './target.ts';

function record(id: number, vorgangsnummer: string, caseId: string | null) {
  return makeRecord(id, { vorgangsnummer: vorgangsnummer.padEnd(64, '0'), caseId });
}

const records = new Map(
  [
    record(1, '9a72b41f', 'F-10'),
    record(2, '9a72b41e', 'F-10'),
    record(3, '10234abc', null),
    record(17, 'cafe0001', '10234'),
    record(20, 'cafe0002', '17'),
    record(30, 'beef0001', 'Ä 7'),
    record(31, 'beef0002', 'g-1'),
    record(32, 'beef0003', 'G-1'),
    record(33, 'beef0004', 'ABCD'),
    record(34, 'abcd0001', null),
  ].map((each) => [each.id, each]),
);

function keyOf(text: string): unknown {
  try {
    return findTarget(text, records);
  } catch (error) {
    return error instanceof CliError ? { key: error.key, ...error.params } : error;
  }
}

describe('what the command line names', () => {
  it('is a case with all its records', () => {
    expect(findTarget('F-10', records)).toMatchObject({ kind: 'case', records: [{ id: 1 }, { id: 2 }] });
  });

  it.each(['f-10', ' F-10 ', 'F - 10', 'case:f-10', 'ä7', 'A\u03087'])('%j is a case, as people type it', (text) => {
    expect(findTarget(text, records)).toMatchObject({ kind: 'case' });
  });

  it('is the case as it is written before one that differs in capitals, and never one of several', () => {
    expect(findTarget('g-1', records)).toMatchObject({ kind: 'case', records: [{ id: 31 }] });
    expect(findTarget('G-1', records)).toMatchObject({ kind: 'case', records: [{ id: 32 }] });
    expect(keyOf('G - 1')).toEqual({ key: 'targetAmbiguous', target: 'G - 1', candidates: 'case:g-1, case:G-1' });
  });

  it('is a record by its number', () => {
    expect(findTarget('3', records)).toMatchObject({ kind: 'record', record: { id: 3 } });
  });

  it.each(['CAFE0001', 'cafe0001…', 'cafe 0001', ' CA FE 00 01 ', 'vn:cafe 0001'])(
    '%j is a record by the beginning of its Vorgangsnummer, as people copy it',
    (text) => {
      expect(findTarget(text, records)).toMatchObject({ record: { id: 17 } });
    },
  );

  it('is a case rather than the beginning of a Vorgangsnummer', () => {
    expect(findTarget('10234', records)).toMatchObject({ kind: 'case', caseId: '10234' });
    expect(findTarget('vn:10234', records)).toMatchObject({ kind: 'record', record: { id: 3 } });
  });

  it('is refused when it may be a case in other letters, or the beginning of a Vorgangsnummer', () => {
    expect(keyOf('abcd')).toMatchObject({
      key: 'targetAmbiguous',
      candidates: expect.stringMatching(/^case:ABCD, vn:abcd0001/),
    });
    expect(findTarget('ABCD', records)).toMatchObject({ kind: 'case', caseId: 'ABCD' });
  });

  it('is refused when a case id and a record number are the same', () => {
    expect(keyOf('17')).toMatchObject({ key: 'targetAmbiguous', candidates: 'case:17, record:17' });
    expect(findTarget('case:17', records)).toMatchObject({ kind: 'case', records: [{ id: 20 }] });
    expect(findTarget('record:17', records)).toMatchObject({ record: { id: 17 } });
  });

  it('is refused when several Vorgangsnummern begin like that, which are named', () => {
    expect(keyOf('9a72b41')).toMatchObject({
      key: 'targetAmbiguous',
      candidates: expect.stringMatching(/^vn:9a72b41f0*, vn:9a72b41e0*$/),
    });
  });

  it('is refused when there is nothing', () => {
    expect(keyOf('F-11')).toEqual({ key: 'targetNotFound', target: 'F-11' });
    expect(keyOf('record:99')).toEqual({ key: 'targetNotFound', target: 'record:99' });
    expect(keyOf('9a')).toMatchObject({ key: 'targetTooShort' });
    expect(keyOf('')).toMatchObject({ key: 'targetNotFound' });
  });

  it('stands for all records of its case', () => {
    expect(recordsOfItsCase(findTarget('record:1', records), records).map(({ id }) => id)).toEqual([1, 2]);
    expect(recordsOfItsCase(findTarget('record:3', records), records).map(({ id }) => id)).toEqual([3]);
  });
});
