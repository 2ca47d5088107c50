import type { LogIdentity, StoredFeedState } from '@meldesync/db';

/** Why an epoch cannot go on; a label of the metric, in the log and in the runbook. */
export type EpochEnd = 'slot-lost' | 'slot-moved-on' | 'other-server' | 'other-timeline' | 'other-history' | FoundOut;

/** What a pass may find out of its epoch. */
export type FoundOut = (typeof FOUND_OUT)[number];
const FOUND_OUT = ['log-set-back', 'history-put-back', 'log-unreadable'] as const;

export function isFoundOut(why: string): why is FoundOut {
  return (FOUND_OUT as readonly string[]).includes(why);
}

export interface EpochFacts {
  readonly state: StoredFeedState;
  /** Decimal LSN from which the slot tells of commits; undefined when it is gone. */
  readonly slotLsn: string | undefined;
  readonly log: LogIdentity;
  /** The hold of a pass that has found out why its epoch cannot go on, and why. */
  readonly distrusted: (Pick<StoredFeedState, 'epoch' | 'token'> & { readonly why: FoundOut }) | undefined;
}

/** Why the feed cannot go on from where it stood; undefined when it can. */
export function whyEpochEnds({ state, slotLsn, log, distrusted }: EpochFacts): EpochEnd | undefined {
  if (slotLsn === undefined) return 'slot-lost';
  if (state.systemId !== null && state.systemId !== log.systemId) return 'other-server';
  if (state.timeline !== null && state.timeline !== log.timeline) return 'other-timeline';
  if (state.history !== null && state.history !== log.history) return 'other-history';
  const confirmed = BigInt(state.confirmedLsn);
  if (confirmed > BigInt(log.endLsn)) return 'log-set-back';
  // A relay that has been replaced knows less than the one that holds the feed.
  if (distrusted && distrusted.epoch === state.epoch && distrusted.token === state.token) return distrusted.why;
  // A position is confirmed to the slot last: it only stands further where somebody moved it or made it anew, past commits
  // that no frame tells of. A relay of 0.3.0 writes 0 where it means the slot's.
  if (confirmed > 0n && BigInt(slotLsn) > confirmed) return 'slot-moved-on';
  return undefined;
}
