import type { Checkpoint, CheckpointKeys } from '../checkpoint.ts';
import { NO_LINK, type Seal, sealLink } from '../seal.ts';
import { checkBatch } from './check-batch.ts';
import { type CheckpointReader, readCheckpoints } from './check-checkpoints.ts';
import { CutLedger } from './cuts.ts';
import type { Finding } from './finding.ts';
import { isBehind, type PlaceInOrder, placeOf } from './order.ts';
import type { StoredLeaf, Trail } from './trail.ts';

/** As many findings are kept; the others are counted. */
const KEPT_FINDINGS = 100;

export interface VerifyOptions {
  readonly trail: Trail;
  /** Checkpoints kept outside the database, in the order of the file; null for a line that is none. */
  readonly outside?: AsyncIterable<Checkpoint | null> | undefined;
  /** Without them no signature is checked. */
  readonly keys?: CheckpointKeys | undefined;
  /** What the file may lack at its end, since it is copied or written a little later; microseconds since 1970. */
  readonly outsideUpTo?: bigint | undefined;
}

export interface Verdict {
  readonly seals: number;
  readonly entries: number;
  /** Entries whose content was erased, and those that retention took away. */
  readonly erased: number;
  readonly cut: number;
  /** Entries that are not sealed yet, and since when the oldest waits. */
  readonly unsealed: number;
  readonly unsealedSince: string | null;
  readonly checkpoints: { readonly inside: number; readonly outside: number; readonly areSigned: boolean };
  readonly lastSealed: string | null;
  readonly findings: readonly Finding[];
  /** All of them, also those that are not kept. */
  readonly found: number;
}

/** Looks through the whole trail, in the order of the chain. Holds no more than one batch of it at a time. */
export async function verifyTrail({ trail, outside, keys, outsideUpTo }: VerifyOptions): Promise<Verdict> {
  const findings: Finding[] = [];
  let found = 0;
  const onFinding = (finding: Finding) => {
    found += 1;
    if (findings.length < KEPT_FINDINGS) findings.push(finding);
  };
  // Their numbers and times alone: there may be millions.
  const inside: SeenCheckpoint[] = [];
  const inFile = new Set<number>();
  const counted = { seals: 0, entries: 0, erased: 0, cut: 0, unsealed: 0 };
  const readers: [CheckpointReader, CheckpointReader] = [
    readCheckpoints({
      checkpoints: trail.checkpoints(),
      keys: keys ?? null,
      onFinding,
      onGood: ({ no, micros }) => inside.push({ no, micros: Number(micros) }),
    }),
    readCheckpoints({
      checkpoints: outside ?? none(),
      keys: keys ?? null,
      onFinding,
      onGood: ({ no }) => inFile.add(no),
    }),
  ];
  const cuts = new CutLedger();
  const leaves = new Batches(trail.leaves());
  let latest: Seal | null = null;
  let last: { readonly seal: Seal; readonly place: PlaceInOrder } | null = null;
  for await (const seal of trail.seals()) {
    const chained = checkLink(seal, latest);
    if (chained !== null) onFinding(chained);
    for (const reader of readers) await reader.pass(seal);
    for (const stray of await leaves.upTo(seal.no - 1)) onFinding(strayLeaf(stray));
    const batch = await leaves.upTo(seal.no);
    const isOfSameOrder =
      last !== null &&
      last.seal.incarnation === seal.incarnation &&
      (last.seal.firstTxid === null) === (seal.firstTxid === null);
    for (const finding of checkBatch(seal, batch, isOfSameOrder ? (last?.place ?? null) : null)) onFinding(finding);
    for (const leaf of batch) {
      cuts.pass(leaf, seal.micros);
      if (leaf.cut !== null) counted.cut += 1;
      else if (leaf.erased !== null) counted.erased += 1;
    }
    const end = batch.findLast(({ entry }) => entry !== null)?.entry;
    last = end ? { seal, place: placeOf(seal, end) } : (last ?? null);
    latest = seal;
    counted.seals += 1;
    counted.entries += batch.length;
  }
  for (const stray of await leaves.upTo(Number.POSITIVE_INFINITY)) onFinding(strayLeaf(stray));
  for (const reader of readers) await reader.end(latest, trail.micros);
  if (outside) for (const finding of missingOutside(inside, inFile, outsideUpTo)) onFinding(finding);
  let unsealedSince: string | null = null;
  for await (const entry of trail.loose()) {
    cuts.note(entry);
    const isComparable = latest !== null && latest.incarnation === trail.incarnation;
    if (isComparable && latest !== null && last !== null && isBehind(latest, lastPlace(latest, last), entry)) {
      onFinding({
        kind: 'entry-inserted',
        seal: null,
        entry: { source: entry.source, id: entry.id },
        upTo: null,
        micros: entry.micros,
      });
      continue;
    }
    counted.unsealed += 1;
    if (unsealedSince === null || BigInt(entry.micros) < BigInt(unsealedSince)) unsealedSince = entry.micros;
  }
  for (const finding of cuts.findings()) onFinding(finding);
  return {
    ...counted,
    unsealedSince,
    checkpoints: { inside: readers[0].count(), outside: readers[1].count(), areSigned: keys !== undefined },
    lastSealed: latest?.micros ?? null,
    findings,
    found,
  };
}

/** The last entry of the last seal; where retention took that one away, what is known of its transaction. */
function lastPlace(latest: Seal, last: { readonly seal: Seal; readonly place: PlaceInOrder }): PlaceInOrder {
  if (last.seal === latest || latest.lastTxid === null) return last.place;
  return { txid: BigInt(latest.lastTxid), source: '', id: 0n };
}

function checkLink(seal: Seal, before: Seal | null): Finding | null {
  const at = { entry: null, upTo: null, micros: seal.micros };
  const expected = (before?.no ?? 0) + 1;
  if (seal.no !== expected) return { kind: 'seal-removed', seal: expected, ...at };
  const isWhole =
    Buffer.compare(sealLink(seal), seal.link) === 0 &&
    Buffer.compare(seal.previous, before?.link ?? NO_LINK) === 0 &&
    seal.size === (before?.size ?? 0) + seal.leaves;
  return isWhole ? null : { kind: 'seal-altered', seal: seal.no, ...at };
}

function strayLeaf({ seal, source, id, entry }: StoredLeaf): Finding {
  return { kind: 'leaf-inserted', seal, entry: { source, id }, upTo: null, micros: entry?.micros ?? null };
}

interface SeenCheckpoint {
  readonly no: number;
  readonly micros: number;
}

/** Those that the database has from the file's first one on, and the file has not. */
function missingOutside(
  inside: readonly SeenCheckpoint[],
  inFile: ReadonlySet<number>,
  upTo: bigint | undefined,
): Finding[] {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const no of inFile) {
    first = Math.min(first, no);
    last = Math.max(last, no);
  }
  return inside
    .filter(({ no, micros }) => {
      if (inFile.has(no) || no < first) return false;
      return no < last || upTo === undefined || micros <= Number(upTo);
    })
    .concat(inFile.size === 0 ? lastOf(inside, upTo) : [])
    .map(({ no, micros }) => ({
      kind: 'checkpoint-removed',
      seal: no,
      entry: null,
      upTo: null,
      micros: String(micros),
    }));
}

/** Of a file that has none it is only known that it lacks the last one: those before may have been put aside. */
function lastOf(inside: readonly SeenCheckpoint[], upTo: bigint | undefined): SeenCheckpoint[] {
  const last = inside.findLast(({ micros }) => upTo === undefined || micros <= Number(upTo));
  return last ? [last] : [];
}

/** Leaves by their seals, as they come. */
class Batches {
  readonly #rest: AsyncIterator<StoredLeaf>;
  #next: StoredLeaf | null = null;

  constructor(leaves: AsyncIterable<StoredLeaf>) {
    this.#rest = leaves[Symbol.asyncIterator]();
  }

  /** Those of the seals up to this one that were not given yet. */
  async upTo(seal: number): Promise<StoredLeaf[]> {
    const batch: StoredLeaf[] = [];
    for (;;) {
      if (this.#next === null) {
        const next = await this.#rest.next();
        if (next.done) return batch;
        this.#next = next.value;
      }
      if (this.#next.seal > seal) return batch;
      batch.push(this.#next);
      this.#next = null;
    }
  }
}

async function* none(): AsyncGenerator<never> {}
