import type { FeedPosition } from '@meldesync/db';
import { addToChecksum } from '@meldesync/protocol';

/** Says whether a Postgres snapshot (`xmin:xmax:xip,…`, as `pg_current_snapshot()` prints it) holds a transaction. */
export function holdsTransaction(snapshot: string, txid: string): boolean {
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':');
  const id = BigInt(txid);
  if (id < BigInt(xmin)) return true;
  return id < BigInt(xmax) && !running.split(',').includes(txid);
}

export interface ChecksumsOptions {
  /** Where each workspace's feed stands when the pass begins. */
  readonly positions: ReadonlyMap<string, FeedPosition>;
  /** What the checksums of the epoch's beginning hold already; null where the epoch has none. */
  readonly baseSnapshot: string | null;
}

/** The checksum of each workspace as the feed goes on, by which clients know that they hold what the database holds. */
export class Checksums {
  readonly #sums = new Map<string, number | null>();
  readonly #baseSnapshot: string | null;

  constructor({ positions, baseSnapshot }: ChecksumsOptions) {
    for (const [workspace, { checksum }] of positions) this.#sums.set(workspace, checksum);
    this.#baseSnapshot = baseSnapshot;
  }

  /** The checksum at the last frame; null where it is not known. A workspace that came later began empty. */
  of(workspace: string): number | null {
    const known = this.#sums.get(workspace);
    return known === undefined ? (this.#baseSnapshot === null ? null : 0) : known;
  }

  /** Goes on over a frame; the checksum after it. */
  advance(workspace: string, txid: string, delta: number): number | null {
    const before = this.of(workspace);
    const isHeld = this.#baseSnapshot !== null && holdsTransaction(this.#baseSnapshot, txid);
    const after = before === null || isHeld ? before : addToChecksum(before, delta);
    this.#sums.set(workspace, after);
    return after;
  }
}
