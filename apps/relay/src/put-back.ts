import { holdsTransaction } from './checksums.ts';

/** What a row of `changes` that comes with the log is: new, or one that was put back, of which the epoch's beginning knows or not. */
export type RowOrigin = 'new' | 'held' | 'put-back';

const XIDS = 1n << 32n;

/**
 * Tells a change that was made by the transaction that wrote its row from one that a restore has put back. Each row bears the id of the
 * transaction that made the change: a new one that of its own. What was put back was told once, or is in no feed; in either case no feed
 * that began before it adds up any more.
 *
 * @param rowTxid as the row has it, 64 bits, decimal; whatever a person has written there
 * @param xid of the transaction that wrote the row, its lower 32 bits
 * @param baseSnapshot of the epoch's beginning; null where it has none
 */
export function originOf(rowTxid: string, xid: number, baseSnapshot: string | null): RowOrigin {
  if (/^\d+$/.test(rowTxid) && BigInt(rowTxid) % XIDS === BigInt(xid)) return 'new';
  if (baseSnapshot === null) return 'put-back';
  return holdsTransaction(baseSnapshot, String(fullTransactionId(xid, baseSnapshot))) ? 'held' : 'put-back';
}

/** All 64 bits of a transaction's id, which is less than half of all 32-bit ids away from a snapshot. */
function fullTransactionId(xid: number, snapshot: string): bigint {
  const near = BigInt(snapshot.split(':')[1] ?? '0');
  const full = near - (near % XIDS) + BigInt(xid);
  if (full > near + XIDS / 2n) return full - XIDS;
  return full + XIDS / 2n < near ? full + XIDS : full;
}
