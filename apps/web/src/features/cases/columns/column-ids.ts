import type { CaseSortColumn } from '@meldesync/client';
import type { MarkedField } from '../../../sync/remote-marks.ts';

/** A column of the table. */
export type ColumnId = CaseSortColumn | 'done' | 'select';

/** The columns by their place. */
export const COLUMN_IDS: readonly ColumnId[] = [
  'select',
  'caseId',
  'status',
  'indikation',
  'typ',
  'genomic',
  'clinical',
  'assignee',
  'note',
  'latest',
  'done',
];

/** Columns whose cells open an editor; `done` is switched in place. */
const EDITED_COLUMNS = ['caseId', 'assignee', 'note'] as const satisfies readonly ColumnId[];
export type EditedColumn = (typeof EDITED_COLUMNS)[number];

export function isEditedColumn(column: ColumnId): column is EditedColumn {
  return EDITED_COLUMNS.some((edited) => edited === column);
}

/** The field a colleague's change must touch to mark the column's cell. */
export const MARKED_FIELD: Readonly<Partial<Record<ColumnId, MarkedField>>> = {
  caseId: 'caseId',
  genomic: 'ibe',
  clinical: 'ibe',
  assignee: 'assignee',
  note: 'note',
  done: 'done',
};
