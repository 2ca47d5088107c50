import { z } from 'zod';
import { TreeRoot } from '../tree.ts';
import type { Finding } from './finding.ts';
import type { StoredEntry, StoredLeaf } from './trail.ts';

/** Kinds of events that may take something away, and what they must say of it. */
const CUTTING_KINDS: ReadonlySet<string | null | undefined> = new Set(['retention-ran', 'case-erased']);
const KIND_COLUMN = 1;
const said = z.tuple([
  z.unknown(),
  z.looseObject({ leaves: z.object({ count: z.int().nonnegative(), root: z.string().regex(/^[0-9a-f]{64}$/) }) }),
]);

interface Cut {
  readonly tree: TreeRoot;
  readonly first: StoredLeaf;
  /** When the first of them was written, or sealed where it is gone. */
  readonly micros: string;
}

/**
 * Holds what is erased or gone to the events that say so: each tells of how many leaves, and the root of the Merkle tree over them in
 * the order of their seals and positions, under `leaves` in its `after`.
 */
export class CutLedger {
  readonly #cuts = new Map<string, Cut>();
  readonly #events = new Map<string, string>();

  pass(leaf: StoredLeaf, sealedAt: string): void {
    for (const event of [leaf.erased, leaf.cut]) if (event !== null) this.#count(event, leaf, sealedAt);
    if (leaf.entry !== null) this.note(leaf.entry);
  }

  /** Takes an event that may be one of those. */
  note(entry: StoredEntry): void {
    if (entry.source === 'e' && CUTTING_KINDS.has(entry.columns[KIND_COLUMN]))
      this.#events.set(entry.id, entry.content);
  }

  findings(): Finding[] {
    const findings: Finding[] = [];
    for (const [event, { tree, first, micros }] of this.#cuts) {
      const content = this.#events.get(event);
      const parsed = said.safeParse(content === undefined ? undefined : JSON.parse(content));
      const told = parsed.success ? parsed.data[1].leaves : null;
      if (told?.count === tree.count && told.root === tree.root().toString('hex')) continue;
      const { seal, source, id } = first;
      findings.push({ kind: 'cut-unproved', seal, entry: { source, id }, upTo: null, micros });
    }
    return findings;
  }

  #count(event: string, leaf: StoredLeaf, sealedAt: string): void {
    const cut = this.#cuts.get(event) ?? {
      tree: new TreeRoot(),
      first: leaf,
      micros: leaf.entry?.micros ?? sealedAt,
    };
    cut.tree.add(leaf.leaf);
    this.#cuts.set(event, cut);
  }
}
