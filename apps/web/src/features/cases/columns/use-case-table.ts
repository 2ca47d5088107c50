import type { CaseQuery, CaseRow, CaseSortColumn } from '@meldesync/client';
import { type ReactTable, type SortingState, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { columns, features } from './case-columns.tsx';

interface CaseTableInput {
  /** The rows in view; the table model is made of these alone, so that its cost does not grow with the list. */
  readonly shown: readonly { readonly key: string; readonly now: CaseRow }[];
  readonly sort: CaseQuery['sort'];
  readonly onSort: (sort: CaseQuery['sort']) => void;
}

export type CaseTable = ReactTable<typeof features, CaseRow>;

/** The table model of the rows in view: columns, cells and the state of sorting. The live list does the sorting itself. */
export function useCaseTable({ shown, sort, onSort }: CaseTableInput): CaseTable {
  const sorting = useMemo(
    (): SortingState => (sort ? [{ id: sort.column, desc: sort.direction === 'desc' }] : []),
    [sort],
  );
  return useTable({
    features,
    columns,
    data: shown.map(({ now }) => now),
    getRowId: (row, index) => shown[index]?.key ?? row.key,
    manualSorting: true,
    enableMultiSort: false,
    sortDescFirst: false,
    state: { sorting },
    onSortingChange: (updater) => {
      const [next] = typeof updater === 'function' ? updater(sorting) : updater;
      onSort(next ? { column: next.id as CaseSortColumn, direction: next.desc ? 'desc' : 'asc' } : null);
    },
  });
}
