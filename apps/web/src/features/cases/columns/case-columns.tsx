import type { CaseRow } from '@meldesync/client';
import { ANNOTATION_FIELDS } from '@meldesync/domain';
import { createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table';
import { AnnotationCell } from '../cells/annotation-cell.tsx';
import { CaseIdCell } from '../cells/case-id-cell.tsx';
import { DoneCell } from '../cells/done-cell.tsx';
import { IndikationCell, TypCell } from '../cells/field-cells.tsx';
import { ClinicalCell, GenomicCell } from '../cells/half-cell.tsx';
import { LatestCell } from '../cells/latest-cell.tsx';
import { SelectCell } from '../cells/select-cell.tsx';
import { StatusCell } from '../cells/status-cell.tsx';

export const features = tableFeatures({ rowSortingFeature });

const helper = createColumnHelper<typeof features, CaseRow>();

/** Sorting happens in the live list; the accessor only tells the table that a column can be sorted. */
const itself = (row: CaseRow): CaseRow => row;

/** The header's text comes from `cases.columns.<id>`; the first column has a box for all rows instead. */
export const columns = helper.columns([
  helper.display({ id: 'select', enableSorting: false, cell: ({ row }) => <SelectCell row={row.original} /> }),
  helper.accessor(itself, { id: 'caseId', cell: ({ row }) => <CaseIdCell row={row.original} /> }),
  helper.accessor(itself, { id: 'status', cell: ({ row }) => <StatusCell row={row.original} /> }),
  helper.accessor(itself, { id: 'indikation', cell: ({ row }) => <IndikationCell row={row.original} /> }),
  helper.accessor(itself, { id: 'typ', cell: ({ row }) => <TypCell row={row.original} /> }),
  helper.accessor(itself, { id: 'genomic', cell: ({ row }) => <GenomicCell row={row.original} /> }),
  helper.accessor(itself, { id: 'clinical', cell: ({ row }) => <ClinicalCell row={row.original} /> }),
  ...ANNOTATION_FIELDS.map((field) =>
    helper.accessor(itself, { id: field, cell: ({ row }) => <AnnotationCell row={row.original} field={field} /> }),
  ),
  helper.accessor(itself, { id: 'latest', sortDescFirst: true, cell: ({ row }) => <LatestCell row={row.original} /> }),
  helper.accessor(itself, { id: 'done', enableSorting: false, cell: ({ row }) => <DoneCell row={row.original} /> }),
]);
