import type { HistoryEvent } from './history-event.ts';

/** What can be wrong with a history. */
export const FINDING_KINDS = [
  /** Acknowledged or committed, and not there. */
  'lost',
  /** Carried out, answered or shown more than once. */
  'duplicated',
  /** A record went back, or was shown in another order. */
  'reordered',
  /** A version was passed over although its change was never shown, or is not in the audit trail. */
  'version-gap',
  /** An edit was accepted on a version that was not the newest. */
  'stale-base',
  /** What a conflict says is not so. */
  'conflict-untrue',
  /** Two people held a lock on one record at the same time. */
  'lock-shared',
  /** A lock whose holder gave it back, or is gone, keeps others out. */
  'lock-kept',
  /** A change is signed by somebody who did not make it. */
  'wrong-actor',
  /** What somebody was answered or shows is not what Postgres holds. */
  'differing',
  /** A screen was behind for longer than it may be, and said that it is current. */
  'stale-untold',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Something wrong, with what proves it. */
export interface Finding {
  readonly kind: FindingKind;
  /** For a person: internal ids and versions. */
  readonly what: string;
  readonly events: readonly HistoryEvent[];
  /** Rows of Postgres. */
  readonly rows: readonly unknown[];
}

/** Makes a finding. */
export function finding(
  kind: FindingKind,
  what: string,
  events: readonly HistoryEvent[],
  rows: readonly unknown[] = [],
): Finding {
  return { kind, what, events, rows };
}

/** How many there are of each kind. */
export function countFindings(findings: readonly Finding[]): Record<FindingKind, number> {
  const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  for (const { kind } of findings) counts[kind] += 1;
  return counts;
}
