import { contentCommitment, entryLeaf } from '../entry.ts';
import type { Seal } from '../seal.ts';
import { treeRoot } from '../tree.ts';
import type { Finding, FindingKind } from './finding.ts';
import { comparePlaces, type PlaceInOrder, placeOf } from './order.ts';
import type { StoredLeaf } from './trail.ts';

/** The jsonb text of the content of an entry that was erased. */
export const ERASED_CONTENT = '[{}, {}]';

/**
 * What of a seal's entries is not as it was sealed, in their order. `after` is the entry before the first of them, of the same order.
 */
export function checkBatch(seal: Seal, leaves: readonly StoredLeaf[], after: PlaceInOrder | null): Finding[] {
  const findings: Finding[] = [];
  const found = (kind: FindingKind, leaf: StoredLeaf | undefined, upTo: StoredLeaf | null = null) => {
    findings.push({
      kind,
      seal: seal.no,
      entry: leaf === undefined ? null : { source: leaf.source, id: leaf.id },
      upTo: upTo === null ? null : { source: upTo.source, id: upTo.id },
      micros: leaf?.entry?.micros ?? seal.micros,
    });
  };
  const misplaced = leaves.findIndex(({ position }, place) => position !== place);
  if (misplaced !== -1 || leaves.length !== seal.leaves) {
    const place = misplaced === -1 ? Math.min(leaves.length, seal.leaves) : misplaced;
    found(leaves.length > seal.leaves ? 'leaf-inserted' : 'leaf-removed', leaves[place] ?? leaves.at(-1));
    return findings;
  }
  const made = leaves.map(leafOf);
  const isSame = leaves.map((leaf, place) => Buffer.compare(made[place] ?? leaf.leaf, leaf.leaf) === 0);
  const isRoot = (hashes: readonly Uint8Array[]) => Buffer.compare(treeRoot(hashes), seal.root) === 0;
  const isKept = isRoot(leaves.map(({ leaf }) => leaf));
  const outOfPlace = findOutOfPlace(seal, leaves, after);
  if (outOfPlace !== undefined) found('entry-reordered', outOfPlace);
  leaves.forEach((leaf, place) => {
    if (leaf.entry === null && leaf.cut === null) found('entry-removed', leaf);
    else if (isKept && isSame[place] === false && leaf !== outOfPlace) found('entry-altered', leaf);
    else if (isErasedFalsely(leaf)) found('entry-altered', leaf);
  });
  if (isKept || findings.length > 0) return findings;
  // The leaves are not those that were sealed. Where the entries are, it shows which leaf is not.
  const isMade = isRoot(leaves.map((leaf, place) => made[place] ?? leaf.leaf));
  const other = leaves.findIndex((_, place) => isSame[place] === false);
  if (isMade && other !== -1) found('leaf-altered', leaves[other]);
  else if (other !== -1) found('entry-altered', leaves[other]);
  else found('batch-altered', leaves[0], leaves.at(-1) ?? null);
  return findings;
}

/** The leaf that an entry has by what it is now; null where that cannot be said any more. */
function leafOf({ entry, salt, commitment }: StoredLeaf): Buffer | null {
  if (entry === null) return null;
  if (salt !== null) return entryLeaf(entry, contentCommitment(salt, entry.content));
  return commitment === null ? null : entryLeaf(entry, commitment);
}

/** No proof is left of what the content was: it must be said that there is none. */
function isErasedFalsely({ entry, salt }: StoredLeaf): boolean {
  return entry !== null && salt === null && entry.content !== ERASED_CONTENT;
}

/** The first entry that does not come after the one before it. */
function findOutOfPlace(seal: Seal, leaves: readonly StoredLeaf[], after: PlaceInOrder | null): StoredLeaf | undefined {
  let last = after;
  for (const leaf of leaves) {
    if (leaf.entry === null) continue;
    const place = placeOf(seal, leaf.entry);
    if (last !== null && comparePlaces(place, last) <= 0) return leaf;
    last = place;
  }
  return undefined;
}
