import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { EditedColumn } from '../columns/column-ids.ts';

/** The open editor of a cell, with the records as they were when it was opened: what an edit is based on (R2.5). */
export interface Editing {
  readonly key: string;
  readonly column: EditedColumn;
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
}
