import type { CaseStatus } from '@meldesync/domain';
import type { CaseSortColumn } from '../cases/case-columns.ts';
import type { ClientRecord } from './records.ts';
import type { Unsubscribe } from './unsubscribe.ts';

/** A case: its records side by side. Rows are immutable; a change of the case makes a new object. */
export interface CaseRow {
  /** Stable while the case lives: `case:<case id>`, or `record:<id>` for a record without a case id. Never for URLs or logs. */
  readonly key: string;
  readonly caseId: string | null;
  /** Newest Leistungsdatum first; usually one each. */
  readonly genomic: readonly ClientRecord[];
  readonly clinical: readonly ClientRecord[];
  /** Records whose segment cannot be parsed. A row of nothing else has the status of an incomplete case. */
  readonly unreadable: readonly ClientRecord[];
  readonly status: CaseStatus;
  /** The latest change of any of its records. */
  readonly latest: { readonly at: string; readonly by: string };
}

export type CaseFilter = 'all' | 'open' | 'incomplete' | 'complete' | 'valid' | 'done' | 'without-case';

/** What a person wants to see. Mine alone, never shared (R3.3). */
export interface CaseQuery {
  /** Every word must occur somewhere in the case: case id, Vorgangsnummer, codes and their words, and what people note. */
  readonly text: string;
  readonly filter: CaseFilter;
  /** Null is the working order of the domain. */
  readonly sort: { readonly column: CaseSortColumn; readonly direction: 'asc' | 'desc' } | null;
}

/** Counts over what the text and the filter show. */
export interface CaseTotals {
  /** Rows with a case id; `complete`, `valid` and `done` are counted among them. */
  readonly cases: number;
  readonly complete: number;
  readonly valid: number;
  readonly done: number;
  /** Rows of records without a case id. */
  readonly withoutCase: number;
  /** Records of all rows. */
  readonly records: number;
}

export interface CaseViewSnapshot {
  readonly rows: readonly CaseRow[];
  readonly totals: CaseTotals;
}

/** A filtered, sorted, live list of cases, kept up to date by each change instead of being built anew. */
export interface CaseView {
  /** The same object until something changed: made for `useSyncExternalStore`. */
  getSnapshot(): CaseViewSnapshot;
  subscribe(listener: () => void): Unsubscribe;
  setQuery(query: CaseQuery): void;
  dispose(): void;
}
