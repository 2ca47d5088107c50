import { contentCommitment, entryLeaf } from '../entry.ts';
import { type Seal, sealLink } from '../seal.ts';
import { rootOfProof } from '../tree.ts';
import { ERASED_CONTENT } from './check-batch.ts';
import { type ExportLine, parseExportLine } from './export-line.ts';
import type { Finding, FindingKind } from './finding.ts';

/** How the database has sealed an entry. */
export interface KnownLeaf {
  readonly seal: number;
  readonly position: number;
  readonly leaf: Uint8Array;
  /** Null once its content is erased; then there is the commitment. */
  readonly salt: Uint8Array | null;
  readonly commitment: Uint8Array | null;
}

/** What the database has of an entry; `unsealed` where it is there and waits for its seal, null where it knows none. */
export type LeafLookup = (source: 'c' | 'e', id: string) => Promise<KnownLeaf | 'unsealed' | null>;

/** A file that is no export, or of which the end is missing. */
export class BrokenExport extends Error {
  override readonly name = 'BrokenExport';

  readonly problem: 'not-an-export' | 'cut-off';
  /** From 1. */
  readonly line: number;

  constructor(problem: 'not-an-export' | 'cut-off', line: number) {
    super(`${problem} at line ${line}`);
    this.problem = problem;
    this.line = line;
  }
}

export interface ExportOptions {
  readonly lines: AsyncIterable<string>;
  /** Without it only entries that bring their proof along are proved. */
  readonly leafOf?: LeafLookup | undefined;
  /** Links that signed checkpoints, or the database, have, by the numbers of their seals. */
  readonly linkOf?: ((no: number) => Promise<Uint8Array | null>) | undefined;
}

export interface ExportVerdict {
  /** An export proves nothing without the database; an archive brings the seals along that it is held to. */
  readonly kind: 'export' | 'archive';
  readonly entries: number;
  /** Entries that are what was sealed. */
  readonly proved: number;
  /** Entries that are not sealed yet, or bring no proof and are held to no database. */
  readonly unproved: number;
  readonly findings: readonly Finding[];
}

/** Holds an export to the seals of the database, or an archive to the seals that it brings along. Throws BrokenExport. */
export async function verifyExport({ lines, leafOf, linkOf }: ExportOptions): Promise<ExportVerdict> {
  const findings: Finding[] = [];
  const seals = new Map<number, Seal>();
  const counted = { entries: 0, proved: 0, unproved: 0 };
  const seen = { c: new Set<string>(), e: new Set<string>() };
  let number = 0;
  let kind: 'export' | 'archive' | null = null;
  let isEnded = false;
  for await (const text of lines) {
    number += 1;
    const line = parseExportLine(text);
    if (line === null || isEnded) throw new BrokenExport(kind === null ? 'not-an-export' : 'cut-off', number);
    kind ??= line.type === 'seal' ? 'archive' : 'export';
    if (number === 1 && line.type !== 'begin' && line.type !== 'seal') throw new BrokenExport('not-an-export', 1);
    if (line.type === 'end') {
      if (!line.isWhole || line.entries !== counted.entries) throw new BrokenExport('cut-off', number);
      isEnded = true;
    } else if (line.type === 'seal') {
      seals.set(line.seal.no, line.seal);
      const known = (await linkOf?.(line.seal.no)) ?? null;
      const isWhole = Buffer.compare(sealLink(line.seal), line.seal.link) === 0;
      if (!isWhole || (known !== null && Buffer.compare(known, line.seal.link) !== 0))
        findings.push({ kind: 'seal-altered', seal: line.seal.no, entry: null, upTo: null, micros: line.seal.micros });
    } else if (line.type === 'entry') {
      counted.entries += 1;
      const { id: own, source: of } = line.header;
      const judged = seen[of].has(own) ? 'entry-repeated' : await judge(line, seals, leafOf);
      seen[of].add(own);
      if (judged === 'proved' || judged === 'unproved') {
        counted[judged] += 1;
        continue;
      }
      const { source, id, micros } = line.header;
      findings.push({ kind: judged, seal: line.sealed?.seal ?? null, entry: { source, id }, upTo: null, micros });
    }
  }
  if (kind === null) throw new BrokenExport('not-an-export', 1);
  if (kind === 'export' && !isEnded) throw new BrokenExport('cut-off', number);
  return { kind, ...counted, findings };
}

type EntryLine = Extract<ExportLine, { type: 'entry' }>;
type Judged = 'proved' | 'unproved' | FindingKind;

async function judge(
  line: EntryLine,
  seals: ReadonlyMap<number, Seal>,
  leafOf: LeafLookup | undefined,
): Promise<Judged> {
  const { header, sealed, isTimeTrue } = line;
  if (!isTimeTrue) return 'entry-altered';
  const known = await leafOf?.(header.source, header.id);
  if (sealed === null) return known === undefined ? 'unproved' : judgeSince(line, known);
  const leaf = leafOfLine(line, sealed);
  if (leaf === null) return 'entry-altered';
  if (sealed.siblings !== null) {
    const seal = seals.get(sealed.seal);
    if (seal === undefined) return 'seal-removed';
    const root = rootOfProof(leaf, sealed.position, seal.leaves, sealed.siblings);
    return root !== null && Buffer.compare(root, seal.root) === 0 ? 'proved' : 'entry-altered';
  }
  if (known === undefined) return 'unproved';
  if (known === null || known === 'unsealed') return 'entry-inserted';
  if (Buffer.compare(known.leaf, leaf) !== 0) return 'entry-altered';
  return known.seal === sealed.seal && known.position === sealed.position ? 'proved' : 'entry-reordered';
}

/** An entry that was not sealed when it was written out, as it was sealed since. */
function judgeSince(line: EntryLine, known: KnownLeaf | 'unsealed' | null): Judged {
  if (known === null) return 'entry-inserted';
  if (known === 'unsealed') return 'unproved';
  // What was erased meanwhile can no longer be held to anything.
  if (known.salt === null) return 'unproved';
  const leaf = leafOfLine(line, known);
  return leaf !== null && Buffer.compare(known.leaf, leaf) === 0 ? 'proved' : 'entry-altered';
}

function leafOfLine(
  { header, content }: EntryLine,
  { salt, commitment }: Pick<KnownLeaf, 'salt' | 'commitment'>,
): Buffer | null {
  if (salt !== null) return entryLeaf(header, contentCommitment(salt, content));
  // Of what was erased nothing is proved but that it was there.
  return commitment === null || content !== ERASED_CONTENT ? null : entryLeaf(header, commitment);
}
