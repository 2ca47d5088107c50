import type { CaseRow, ClientRecord } from '@meldesync/client';
import { useMemo } from 'react';
import { recordsOfRow } from '../facts/case-facts.ts';

/** The records of a row, the same array for as long as the row is the same. */
export function useCellRecords(row: CaseRow): readonly ClientRecord[] {
  return useMemo(() => recordsOfRow(row), [row]);
}
