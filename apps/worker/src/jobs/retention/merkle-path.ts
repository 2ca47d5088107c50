import { createHash } from 'node:crypto';

const NODE = Buffer.from([1]);

/** All levels of the tree of RFC 6962 over leaves, the root last. A node without a neighbour goes up as it is. */
export function treeLevels(leaves: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const levels: (readonly Buffer[])[] = [leaves];
  for (let level = leaves; level.length > 1; ) {
    const above: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [one, other] = [level[at], level[at + 1]];
      if (one) above.push(other ? createHash('sha256').update(NODE).update(one).update(other).digest() : one);
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The siblings by which a leaf leads to the root, from below: what RFC 6962 calls its audit path. */
export function siblingsOf(levels: readonly (readonly Buffer[])[], position: number): Buffer[] {
  const siblings: Buffer[] = [];
  let at = position;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling) siblings.push(sibling);
    at = Math.floor(at / 2);
  }
  return siblings;
}

/** Whether a leaf of a tree of so many leads to a root by these siblings. */
export function leadsToRoot(
  leaf: Buffer,
  place: { readonly position: number; readonly leaves: number },
  siblings: readonly Buffer[],
  root: Buffer,
): boolean {
  const rest = [...siblings];
  let node = leaf;
  let at = place.position;
  for (let count = place.leaves; count > 1; count = Math.ceil(count / 2)) {
    if (at % 2 === 1 || at + 1 < count) {
      const sibling = rest.shift();
      if (!sibling) return false;
      const pair = at % 2 === 1 ? [sibling, node] : [node, sibling];
      node = createHash('sha256').update(NODE).update(Buffer.concat(pair)).digest();
    }
    at = Math.floor(at / 2);
  }
  return rest.length === 0 && node.equals(root);
}
