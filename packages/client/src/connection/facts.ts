import type { Away, ErrorCode, FramePosition, TierMs } from '@meldesync/protocol';

/** What is known of the open connection beside its state. */
export interface Facts {
  /** Where the node stood when it accepted the subscription. */
  head: FramePosition | null;
  /** How far apart changes come; 0 at once. */
  everyMs: TierMs;
  /** Since when the node has not heard what happens; null while it does. Epoch milliseconds. */
  staleSince: number | null;
  /** When a node that did not hear what happens sent this client elsewhere last. */
  sentAwayAt: number | null;
  /** Whether the store was live on the open connection, or the last one. */
  wasLive: boolean;
  /** The code that the open connection was closed with; null until it is. */
  closeCode: number | null;
  /** What ended the last connection that was live, and when; null while it lasts, and before the first. Epoch milliseconds. */
  lost: { readonly reason: Away['reason']; readonly at: number } | null;
  /** The last error that was no answer to anything. */
  lastError: ErrorCode | null;
  /** What was told could not be read: the next snapshot is taken for that. */
  isUnreadable: boolean;
  /** When such a snapshot was asked for last. */
  renewedAt: number;
  /** Snapshots that were taken since the store was live last. */
  snapshots: number;
  /** The longest that changes took to be applied since the last ping. */
  applyLagMs: number;
}

export function createFacts(): Facts {
  return {
    head: null,
    everyMs: 0,
    staleSince: null,
    sentAwayAt: null,
    wasLive: false,
    closeCode: null,
    lost: null,
    lastError: null,
    isUnreadable: false,
    renewedAt: 0,
    snapshots: 0,
    applyLagMs: 0,
  };
}

/** A socket is opened: nothing was said on it yet. */
export function forgetSaid(facts: Facts): void {
  facts.head = null;
  facts.everyMs = 0;
  facts.staleSince = null;
  facts.lastError = null;
  facts.closeCode = null;
}
