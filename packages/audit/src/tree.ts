import { nodeHash, sha256 } from './hashes.ts';

/** The root of the Merkle tree of RFC 6962 over some leaves, which come one after the other: as many hashes are kept as it is high. */
export class TreeRoot {
  /** Roots of the complete trees so far, the largest first, with their heights. */
  readonly #peaks: Array<{ readonly height: number; readonly hash: Buffer }> = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(leaf: Uint8Array): void {
    let peak: { readonly height: number; readonly hash: Buffer } = { height: 0, hash: Buffer.from(leaf) };
    for (let last = this.#peaks.at(-1); last?.height === peak.height; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { height: peak.height + 1, hash: nodeHash(last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
    this.#count += 1;
  }

  /** SHA-256 of nothing where no leaf came. */
  root(): Buffer {
    const [last, ...larger] = this.#peaks.map(({ hash }) => hash).reverse();
    if (last === undefined) return sha256();
    return larger.reduce((right, left) => nodeHash(left, right), last);
  }
}

export function treeRoot(leaves: Iterable<Uint8Array>): Buffer {
  const tree = new TreeRoot();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** All levels of the tree, the leaves first and the root last: kept by who proves many leaves of one tree. */
export function treeLevels(leaves: readonly Uint8Array[]): readonly (readonly Buffer[])[] {
  const levels: Buffer[][] = [];
  for (let level: Buffer[] = leaves.map((leaf) => Buffer.from(leaf)); ; level = pairUp(level)) {
    levels.push(level);
    if (level.length <= 1) return levels;
  }
}

/** The hashes that prove a leaf, from its neighbour up; `levels` is what {@link treeLevels} gives. A place where no leaf is throws `RangeError`. */
export function proofWithin(levels: readonly (readonly Buffer[])[], position: number): Buffer[] {
  const count = levels[0]?.length ?? 0;
  if (!(position >= 0 && position < count)) throw new RangeError(`no leaf ${position} of ${count}`);
  const proof: Buffer[] = [];
  let place = position;
  for (const level of levels.slice(0, -1)) {
    const neighbour = level[place % 2 === 0 ? place + 1 : place - 1];
    if (neighbour !== undefined) proof.push(neighbour);
    place = Math.floor(place / 2);
  }
  return proof;
}

/** The hashes that prove one leaf, from its neighbour up. */
export function inclusionProof(leaves: readonly Uint8Array[], position: number): Buffer[] {
  return proofWithin(treeLevels(leaves), position);
}

/** The root that a proof leads to; null where it has not as many hashes as the place in the tree needs. */
export function rootOfProof(
  leaf: Uint8Array,
  position: number,
  size: number,
  proof: readonly Uint8Array[],
): Buffer | null {
  if (!(position >= 0 && position < size)) return null;
  const rest = [...proof];
  let hash: Buffer = Buffer.from(leaf);
  let place = position;
  for (let width = size; width > 1; width = Math.ceil(width / 2)) {
    const isLeft = place % 2 === 0;
    if (!isLeft || place + 1 < width) {
      const neighbour = rest.shift();
      if (neighbour === undefined) return null;
      hash = isLeft ? nodeHash(hash, neighbour) : nodeHash(neighbour, hash);
    }
    place = Math.floor(place / 2);
  }
  return rest.length === 0 ? hash : null;
}

/** One without a neighbour goes up as it is, which is the tree of RFC 6962. */
function pairUp(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let place = 0; place < level.length; place += 2) {
    const [left, right] = [level[place], level[place + 1]];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
