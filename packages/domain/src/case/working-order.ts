import type { Meldebestaetigung } from '../meldebestaetigung/meldebestaetigung.ts';
import { compareCaseIds } from './case-id-order.ts';
import type { CaseStatus } from './case-status.ts';

/** 0: complete and not done, 1: incomplete, 2: done. */
export type WorkingOrderGroup = 0 | 1 | 2;

/** What the place of a case or record in the working order depends on. */
export interface WorkingOrderKey {
  readonly group: WorkingOrderGroup;
  readonly caseId: string | null;
  /** Of a record; absent for a whole case. */
  readonly artDerDaten?: Meldebestaetigung['artDerDaten'];
  /** Of the record, or the smallest of the case: keeps the order of equals the same everywhere. */
  readonly id?: number;
}

/** The group a case is worked on in. What is done belongs to the done, even if it is no longer complete. */
export function workingOrderGroup(status: CaseStatus): WorkingOrderGroup {
  if (status.done) return 2;
  return status.completeness === 'complete' ? 0 : 1;
}

/** Those without a case id come last, so a list can put them under a heading of their own. */
function compareOptionalCaseIds(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareCaseIds(a, b);
}

const rankOfKind = (kind: WorkingOrderKey['artDerDaten']): number => (kind === 'G' ? 0 : 1);

/**
 * The order people work in: by group; inside each by case id in natural order, those without one at the end of their
 * group (the group says what can be done next, so it goes first); G before C; then by id.
 */
export function compareWorkingOrder(a: WorkingOrderKey, b: WorkingOrderKey): number {
  return (
    a.group - b.group ||
    compareOptionalCaseIds(a.caseId, b.caseId) ||
    rankOfKind(a.artDerDaten) - rankOfKind(b.artDerDaten) ||
    (a.id ?? 0) - (b.id ?? 0)
  );
}
