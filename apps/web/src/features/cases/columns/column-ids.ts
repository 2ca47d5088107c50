import { CASE_SORT_COLUMNS, type CaseSortColumn } from '@meldesync/client';
import {
  ANNOTATION_FIELDS,
  type AnnotationField,
  type ConflictingField,
  EDITABLE_FIELDS,
  isOfKind,
  isRecordField,
  isTyped,
  RECORD_FIELDS,
  type TypedFieldName,
} from '@meldesync/domain';

/** A column of the table. */
export type ColumnId = CaseSortColumn | 'done' | 'select';

/** The columns by their place. */
export const COLUMN_IDS: readonly ColumnId[] = ['select', ...CASE_SORT_COLUMNS, 'done'];

/** The widths of all columns; the list's style sheet has that of each kind. */
export const COLUMN_WIDTHS = [
  'var(--columns-of-case)',
  ...ANNOTATION_FIELDS.map((field) => `var(--column-of-${RECORD_FIELDS[field].kind})`),
  'var(--columns-at-end)',
].join(' ');

/** Columns whose cells open an editor; `done` is switched in place. */
export type EditedColumn = TypedFieldName;

export function isEditedColumn(column: ColumnId): column is EditedColumn {
  return isRecordField(column) && isTyped(column);
}

/** Whether a column shows what people noted on cases: pressing it edits. On a case id it opens the case. */
export function isAnnotationColumn(column: ColumnId): column is AnnotationField {
  return isRecordField(column) && isOfKind(column, 'person', 'text');
}

/** The field a colleague's change must touch to mark the column's cell. */
export const MARKED_FIELD: Readonly<Partial<Record<ColumnId, ConflictingField>>> = {
  ...Object.fromEntries(EDITABLE_FIELDS.map((field) => [field, field])),
  genomic: 'ibe',
  clinical: 'ibe',
};
