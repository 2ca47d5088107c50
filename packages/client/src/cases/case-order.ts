import { ANNOTATION_FIELDS, type AnnotationField, compareCaseIds, compareWorkingOrder } from '@meldesync/domain';
import type { CaseQuery } from '../types/cases.ts';
import type { ClientRecord } from '../types/records.ts';
import type { CaseSortColumn } from './case-columns.ts';
import { type CaseEntry, recordsOf } from './case-row.ts';
import { fold } from './fold.ts';

type Compare = (a: CaseEntry, b: CaseEntry) => number;

/** The order of a query. Those without a case id follow all others, they stand under a heading of their own. */
export function compareFor(sort: CaseQuery['sort']): Compare {
  const compare = sort === null ? compareWorkingOrder : byColumn(sort);
  return (a, b) => Number(a.caseId === null) - Number(b.caseId === null) || compare(a, b);
}

/** Where an entry stands in the column of a query, null for nowhere: such entries follow the others in any direction. */
export function sortValueOf(entry: CaseEntry, sort: CaseQuery['sort']): string | number | null {
  return sort === null ? null : SORT_VALUES[sort.column](entry);
}

function byColumn({ column, direction }: NonNullable<CaseQuery['sort']>): Compare {
  const sign = direction === 'asc' ? 1 : -1;
  if (column === 'caseId') return (a, b) => sign * byCaseId(a, b) || a.id - b.id;
  return (a, b) => {
    const isMissing = Number(a.sortValue === null) - Number(b.sortValue === null);
    return isMissing || sign * compareValues(a.sortValue, b.sortValue) || byCaseId(a, b) || a.id - b.id;
  };
}

function byCaseId(a: CaseEntry, b: CaseEntry): number {
  return compareCaseIds(a.caseId ?? '', b.caseId ?? '');
}

function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}

const COMPLETENESS_RANK = { complete: 0, 'clinical-only': 1, 'genomic-only': 2 } as const;

type SortValues<Column extends CaseSortColumn> = {
  readonly [Each in Column]: (entry: CaseEntry) => string | number | null;
};

const SORT_VALUES: SortValues<CaseSortColumn> = {
  /** Compared by the domain itself, in natural order. */
  caseId: () => null,
  status: ({ group, status }) => 10 * group + 2 * COMPLETENESS_RANK[status.completeness] + (status.valid ? 0 : 1),
  indikation: (entry) => readable(entry)?.mb?.indikation ?? null,
  typ: (entry) => readable(entry)?.mb?.typ ?? null,
  genomic: ({ genomic }) => dateOf(genomic[0]),
  clinical: ({ clinical }) => dateOf(clinical[0]),
  ...(Object.fromEntries(
    ANNOTATION_FIELDS.map((field) => [field, (entry: CaseEntry) => firstText(entry, field)]),
  ) as SortValues<AnnotationField>),
  latest: ({ latest }) => latest.at,
};

/** The record whose fields the row shows for the whole case. */
function readable({ genomic, clinical }: CaseEntry): ClientRecord | undefined {
  return genomic[0] ?? clinical[0];
}

function dateOf(record: ClientRecord | undefined): string | null {
  return record?.mb ? `${record.mb.leistungsdatum}-${String(record.mb.zaehler).padStart(3, '0')}` : null;
}

function firstText(entry: CaseEntry, field: AnnotationField): string | null {
  for (const record of recordsOf(entry)) {
    const text = record[field];
    if (text !== null) return fold(text);
  }
  return null;
}
