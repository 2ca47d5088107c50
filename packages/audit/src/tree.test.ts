import { expect, it } from 'vitest';
import { nodeHash, sha256 } from './hashes.ts';
import { inclusionProof, rootOfProof, TreeRoot, treeRoot } from './tree.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, place) => sha256(Buffer.from(String(place))));

/** As RFC 6962 has it: the left tree is the largest complete one. */
function rootByRfc(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootByRfc(leaves.slice(0, half)), rootByRfc(leaves.slice(half)));
}

it('R5.5 the root is that of RFC 6962, and each leaf is proved alone', () => {
  for (let count = 1; count <= 70; count++) {
    const leaves = leavesOf(count);
    const root = rootByRfc(leaves);
    expect(treeRoot(leaves)).toEqual(root);
    leaves.forEach((leaf, position) => {
      const proof = inclusionProof(leaves, position);
      expect(rootOfProof(leaf, position, count, proof)).toEqual(root);
      expect(rootOfProof(leaf, (position + 1) % (count + 1), count, proof) ?? Buffer.alloc(0)).not.toEqual(
        count === 1 ? null : root,
      );
      expect(rootOfProof(leaf, position, count, [...proof, leaf])).toBeNull();
      if (proof.length > 0) expect(rootOfProof(leaf, position, count, proof.slice(1))).toBeNull();
    });
  }
});

it('R5.5 a tree without a leaf has the hash of nothing, and counts', () => {
  expect(new TreeRoot().root()).toEqual(sha256());
  const tree = new TreeRoot();
  for (const leaf of leavesOf(5)) tree.add(leaf);
  expect(tree.count).toBe(5);
});
