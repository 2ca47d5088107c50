import { CASE_SORT_COLUMNS, type CaseFilter, type CaseQuery, type CaseSortColumn } from '@meldesync/client';

export const CASE_FILTERS: readonly CaseFilter[] = [
  'all',
  'open',
  'incomplete',
  'complete',
  'valid',
  'done',
  'without-case',
];

/**
 * What the address of the cases page carries: filter, sort and the open record by its internal id. Never the text
 * searched for, which may be a case id.
 */
export interface CaseSearch {
  /** Absent for all. */
  readonly filter?: Exclude<CaseFilter, 'all'>;
  /** Absent for the working order. */
  readonly sort?: CaseSortColumn;
  /** Only with `sort`; ascending when absent. */
  readonly dir?: 'desc';
  /** Internal id of a record of the case in the side panel. */
  readonly record?: number;
}

/** Reads the search parameters; whatever is unknown is left out, so that an old link still opens the page. */
export function parseCaseSearch(search: Readonly<Record<string, unknown>>): CaseSearch {
  const filter = CASE_FILTERS.find((known) => known === search.filter);
  const sort = CASE_SORT_COLUMNS.find((known) => known === search.sort);
  const record = Number(search.record);
  return {
    ...(filter && filter !== 'all' ? { filter } : {}),
    ...(sort ? { sort } : {}),
    ...(sort && search.dir === 'desc' ? { dir: 'desc' } : {}),
    ...(Number.isSafeInteger(record) && record > 0 ? { record } : {}),
  };
}

/** The sort the address asks for; null is the working order. */
export function sortOf({ sort, dir }: CaseSearch): CaseQuery['sort'] {
  return sort ? { column: sort, direction: dir ?? 'asc' } : null;
}

/** The search with another sort. */
export function withSort(search: CaseSearch, sort: CaseQuery['sort']): CaseSearch {
  const { sort: _sort, dir: _dir, ...rest } = search;
  if (sort === null) return rest;
  return { ...rest, sort: sort.column, ...(sort.direction === 'desc' ? { dir: 'desc' } : {}) };
}

/** The search with another filter; choosing the active one again takes it back. */
export function withFilter(search: CaseSearch, filter: CaseFilter): CaseSearch {
  const { filter: active = 'all', ...rest } = search;
  return filter === 'all' || filter === active ? rest : { ...rest, filter };
}

/** The search with another case in the side panel, or none. */
export function withRecord(search: CaseSearch, record: number | undefined): CaseSearch {
  const { record: _record, ...rest } = search;
  return record === undefined ? rest : { ...rest, record };
}
