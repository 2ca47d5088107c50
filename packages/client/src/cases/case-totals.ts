import type { CaseTotals } from '../types/cases.ts';
import type { CaseEntry } from './case-row.ts';

/** Counts kept up to date by each row that comes or goes. */
export interface TotalsCounter {
  add(entry: CaseEntry): void;
  remove(entry: CaseEntry): void;
  reset(): void;
  read(): CaseTotals;
}

/** Makes a counter at zero. */
export function createTotalsCounter(): TotalsCounter {
  let totals = zero();
  const count = (entry: CaseEntry, step: 1 | -1): void => {
    const { caseId, status, genomic, clinical, unreadable } = entry;
    totals.records += step * (genomic.length + clinical.length + unreadable.length);
    if (caseId === null) {
      totals.withoutCase += step;
      return;
    }
    totals.cases += step;
    if (status.completeness === 'complete') totals.complete += step;
    if (status.valid) totals.valid += step;
    if (status.done) totals.done += step;
  };
  return {
    add: (entry) => count(entry, 1),
    remove: (entry) => count(entry, -1),
    reset() {
      totals = zero();
    },
    read: () => ({ ...totals }),
  };
}

function zero(): { -readonly [Name in keyof CaseTotals]: number } {
  return { cases: 0, complete: 0, valid: 0, done: 0, withoutCase: 0, records: 0 };
}
