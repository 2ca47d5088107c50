import { describe, expect, it } from 'vitest';
import { segmentWith } from '../../test/samples.ts';
import { canonicalSegment, parseIbeSegment } from './segment.ts';

describe('parseIbeSegment', () => {
  it('reads a segment without looking at the hash', () => {
    const hash = '0'.repeat(64);

    expect(parseIbeSegment(segmentWith({ hash }))).toMatchObject({ code: 'A123456789', zaehler: 1, hash });
  });

  it.each([
    '',
    'IBE',
    segmentWith({ tag: 'ibe' }),
    segmentWith({ hash: 'x' }),
    segmentWith({ code: 'B123456789' }),
    segmentWith({ produktzuordnung: '1' }),
    segmentWith({ fields: { 2: '20240230001' } }),
    segmentWith({ fields: { 7: '0' } }),
    `${segmentWith()}+`,
  ])('returns null for %j', (text) => {
    expect(parseIbeSegment(text)).toBeNull();
  });
});

describe('canonicalSegment', () => {
  it('writes only the hash in lower case', () => {
    expect(canonicalSegment('IBE+AB+CD&E+9+ABC')).toBe('IBE+AB+CD&E+9+abc');
  });
});
