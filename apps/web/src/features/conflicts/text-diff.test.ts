import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffTexts } from './text-diff.ts';

describe('diffTexts (R2.2)', () => {
  it('marks the words that differ', () => {
    expect(diffTexts('Rückfrage bei Dr. Weiß', 'Rückfrage bei Frau Weiß, dringend')).toEqual([
      { kind: 'same', text: 'Rückfrage bei ' },
      { kind: 'removed', text: 'Dr.' },
      { kind: 'added', text: 'Frau' },
      { kind: 'same', text: ' Weiß' },
      { kind: 'added', text: ', dringend' },
    ]);
  });

  it('gives up on texts that have little in common', () => {
    expect(diffTexts('Rückfrage bei Dr. Weiß', 'erledigt')).toBeNull();
  });

  it('joined without the removed parts it is the new text, without the added ones the old', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', ',', 'ß', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffTexts(before, after);
        if (!parts) return;
        const without = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map((part) => part.text)
            .join('');
        expect(without('removed')).toBe(after);
        expect(without('added')).toBe(before);
      }),
    );
  });
});
