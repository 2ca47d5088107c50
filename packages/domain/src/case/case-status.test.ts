import { describe, expect, it } from 'vitest';
import { segmentWith } from '../../test/samples.ts';
import { parseIbeSegment } from '../meldebestaetigung/segment.ts';
import { type CaseRecord, caseStatus } from './case-status.ts';

/** A record by short form: kind, sequencing, then `f` for a follow-up, `q` for failed QC, `d` for done. */
function record(form: string): CaseRecord {
  const [kind = '', sequencing = '', ...flags] = form;
  const mb = parseIbeSegment(
    segmentWith({
      fields: {
        5: flags.includes('f') ? '1' : '0',
        9: kind,
        10: sequencing,
        11: flags.includes('q') ? '0' : '1',
      },
    }),
  );
  if (mb === null) throw new Error(`No Meldebestätigung: ${form}`);
  return { mb, done: flags.includes('d') };
}

describe('caseStatus', () => {
  it.each([
    { forms: 'G1 C1', completeness: 'complete', valid: true, mayBeDone: true, done: false },
    { forms: 'G1', completeness: 'genomic-only', valid: false, mayBeDone: false, done: false },
    { forms: 'C1', completeness: 'clinical-only', valid: false, mayBeDone: false, done: false },
    { forms: 'C0', completeness: 'complete', valid: true, mayBeDone: true, done: false },
    { forms: 'C0q', completeness: 'complete', valid: false, mayBeDone: false, done: false },
    { forms: 'C0f', completeness: 'complete', valid: false, mayBeDone: true, done: false },
    { forms: 'G1q C1', completeness: 'complete', valid: false, mayBeDone: true, done: false },
    { forms: 'G1 C1f', completeness: 'complete', valid: false, mayBeDone: true, done: false },
    { forms: 'G1q G1 C1 C1f', completeness: 'complete', valid: true, mayBeDone: true, done: false },
    { forms: 'G1q G1f C1', completeness: 'complete', valid: false, mayBeDone: true, done: false },
    { forms: 'G0', completeness: 'genomic-only', valid: false, mayBeDone: false, done: false },
    { forms: 'G1q C0', completeness: 'complete', valid: false, mayBeDone: true, done: false },
    { forms: 'C1 C0', completeness: 'complete', valid: true, mayBeDone: true, done: false },
    { forms: 'G1d C1d', completeness: 'complete', valid: true, mayBeDone: true, done: true },
    { forms: 'G1d C1', completeness: 'complete', valid: true, mayBeDone: true, done: false },
    { forms: 'G1d', completeness: 'genomic-only', valid: false, mayBeDone: false, done: true },
  ])('$forms: $completeness, valid $valid, may be done $mayBeDone, done $done', ({ forms, ...expected }) => {
    const records = forms.split(' ').map(record);

    expect(caseStatus(records)).toEqual(expected);
    expect(caseStatus(records.toReversed())).toEqual(expected);
  });

  it('refuses a case without records', () => {
    expect(() => caseStatus([])).toThrow(RangeError);
  });
});
