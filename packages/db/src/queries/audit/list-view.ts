import type { AuditFilter } from '@meldesync/protocol';

/** Where an entry of the trail stands: a row of `changes` or of `events`. */
export type AuditSource = 'change' | 'event';

/** What of the trail is looked at. */
export interface AuditView {
  /** Null for all workspaces and what is of none. */
  readonly workspaceId: string | null;
  readonly filter: AuditFilter;
}

/** A place in the trail, which is ordered by time, then source, then id. */
export interface AuditPosition {
  /** UTC with microseconds, as entries say it. */
  readonly at: string;
  readonly source: AuditSource;
  readonly id: number;
}

/** At which end a list is begun. */
export type AuditEnd = 'newest' | 'oldest';

/** Which way one goes on from a position. */
export type AuditDirection = 'older' | 'newer';

/** Up to where ids have been given out, in either table. */
export interface AuditIds {
  readonly change: number;
  readonly event: number;
}

/**
 * What somebody has seen of the trail: what their snapshot of the database showed. An id says nothing of that, since a row may be
 * committed after one with a higher id.
 */
export interface AuditHorizon {
  /** As `pg_current_snapshot()` says it. */
  readonly snapshot: string;
  /** Up to here nothing can come any more. */
  readonly final: AuditIds;
  /** Up to here nothing can come any more once all transactions before `until` have ended. */
  readonly noted: AuditIds & { readonly until: string };
}

/** Lists of records: an entry is about one of each. */
export type NamedRecords = readonly (readonly number[])[];
