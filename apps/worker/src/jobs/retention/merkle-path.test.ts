import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leadsToRoot, siblingsOf, treeLevels } from './merkle-path.ts';

const leaf = (n: number) => createHash('sha256').update(String(n)).digest();

describe('the way from a leaf to the root', () => {
  it.each([1, 2, 3, 5, 7, 8, 9, 33])('of %i leaves is proved for each of them, and for no other', (count) => {
    const leaves = Array.from({ length: count }, (_, n) => leaf(n));
    const levels = treeLevels(leaves);
    const root = levels.at(-1)?.[0] ?? Buffer.alloc(0);
    for (const [position, one] of leaves.entries()) {
      const siblings = siblingsOf(levels, position);
      expect(leadsToRoot(one, { position, leaves: count }, siblings, root)).toBe(true);
      expect(leadsToRoot(leaf(-1), { position, leaves: count }, siblings, root)).toBe(false);
      if (count > 1) expect(leadsToRoot(one, { position, leaves: count }, siblings.slice(1), root)).toBe(false);
    }
  });
});
