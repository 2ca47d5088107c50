import { describe, expect, it } from 'vitest';
import { institutionCheckDigit } from './institution-code.ts';

describe('institutionCheckDigit (§ 293 SGB V)', () => {
  it.each([
    ['260326822', 'the example of the joint circular'],
    ['260120196', 'carry over to a product above 9'],
    ['260530103', 'the check value of the specification'],
    ['260320597', 'the published genomic example'],
    ['000000000', 'test data'],
  ])('gives the last digit of %s (%s)', (institutionCode) => {
    expect(institutionCheckDigit(institutionCode)).toBe(Number(institutionCode.at(-1)));
  });

  it('does not depend on the classification in the first two places', () => {
    expect(institutionCheckDigit('102032682')).toBe(institutionCheckDigit('992032682'));
  });
});
