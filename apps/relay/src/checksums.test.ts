import { recordChecksum } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { Checksums, holdsTransaction } from './checksums.ts';

describe('holdsTransaction', () => {
  it.each([
    ['10:20:', '9', true],
    ['10:20:', '10', true],
    ['10:20:12,15', '12', false],
    ['10:20:12,15', '13', true],
    ['10:20:12,15', '20', false],
    ['18446744073709551610:18446744073709551615:', '18446744073709551614', true],
  ])('%s and %s: %s', (snapshot, txid, held) => {
    expect(holdsTransaction(snapshot, txid)).toBe(held);
  });
});

describe('Checksums', () => {
  const positions = new Map([
    ['a', { position: '0-0', checksum: 100 }],
    ['old', { position: '7-0', checksum: null }],
  ]);

  it('goes on from where the feed stands, and from nothing for a workspace that came later', () => {
    const sums = new Checksums({ positions, baseSnapshot: '10:10:' });
    expect(sums.advance('a', '10', 5)).toBe(105);
    expect(sums.advance('a', '11', -7)).toBe(98);
    expect(sums.advance('new', '12', recordChecksum(1, 1))).toBe(recordChecksum(1, 1));
    expect(sums.of('a')).toBe(98);
  });

  it('does not count twice what the beginning holds already', () => {
    const sums = new Checksums({ positions, baseSnapshot: '10:12:11' });
    expect(sums.advance('a', '10', 5)).toBe(100);
    expect(sums.advance('a', '11', 5)).toBe(105);
  });

  it('says nothing where it cannot know', () => {
    expect(new Checksums({ positions, baseSnapshot: '10:10:' }).advance('old', '10', 5)).toBeNull();
    expect(new Checksums({ positions: new Map(), baseSnapshot: null }).of('a')).toBeNull();
  });
});
