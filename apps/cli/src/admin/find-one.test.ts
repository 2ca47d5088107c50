import { describe, expect, it } from 'vitest';
import { findOne } from './find-one.ts';

const anna = { id: 'a1', name: 'Anna Albers', email: 'anna@test.example' };
const ben = { id: 'b1', name: 'Ben Brandt', email: 'ben@test.example' };
const otherBen = { id: 'b2', name: 'Ben Brandt', email: 'ben.brandt@test.example' };
const all = [anna, ben, otherBen];

describe('somebody on the command line', () => {
  it.each([
    ['a1', anna],
    ['ANNA@test.example', anna],
    ['anna albers', anna],
    ['b2', otherBen],
    ['ben.brandt@test.example', otherBen],
  ])('is found as %s', (wanted, found) => {
    expect(findOne(all, wanted)).toBe(found);
  });

  it('is not guessed where several have the name', () => {
    expect(() => findOne(all, 'Ben Brandt')).toThrowError(
      expect.objectContaining({
        key: 'subjectAmbiguous',
        params: {
          name: 'Ben Brandt',
          candidates: 'Ben Brandt (ben@test.example, b1), Ben Brandt (ben.brandt@test.example, b2)',
        },
      }),
    );
  });

  it('is not found by a part of a name', () => {
    expect(() => findOne(all, 'Anna')).toThrowError(expect.objectContaining({ key: 'subjectUnknown' }));
  });
});
