import type { EntryHeader } from '../entry.ts';
import type { Seal } from '../seal.ts';

/** Where an entry comes among those of its seal, and of those of the same order. */
export interface PlaceInOrder {
  readonly txid: bigint | null;
  readonly source: string;
  readonly id: bigint;
}

/** In a seal without transactions the order is that of the ids. */
export function placeOf(
  seal: Pick<Seal, 'firstTxid'>,
  { source, id, txid }: Pick<EntryHeader, 'source' | 'id' | 'txid'>,
): PlaceInOrder {
  return { txid: seal.firstTxid === null ? null : BigInt(txid), source, id: BigInt(id) };
}

/** Negative where one comes before the other. */
export function comparePlaces(one: PlaceInOrder, other: PlaceInOrder): number {
  if (one.txid !== null && other.txid !== null && one.txid !== other.txid) return one.txid < other.txid ? -1 : 1;
  if (one.source !== other.source) return one.source < other.source ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

/**
 * Whether an entry without a leaf lies behind what is sealed, where everything is: then it came in afterwards. `last` is the last
 * entry of the last seal.
 */
export function isBehind(
  seal: Pick<Seal, 'firstTxid' | 'changesBase' | 'eventsBase'>,
  last: PlaceInOrder,
  entry: Pick<EntryHeader, 'source' | 'id' | 'txid'>,
): boolean {
  const base = BigInt(entry.source === 'c' ? seal.changesBase : seal.eventsBase);
  const isOfBase = BigInt(entry.id) <= base;
  if (seal.firstTxid !== null) return isOfBase || comparePlaces(placeOf(seal, entry), last) <= 0;
  return isOfBase && comparePlaces(placeOf(seal, entry), last) <= 0;
}
