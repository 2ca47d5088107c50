import type { CaseRow } from '@meldesync/client';
import { type AnnotationField, isOfKind } from '@meldesync/domain';
import { PersonCell } from './person-cell.tsx';
import { TextCell } from './text-cell.tsx';

/** What people noted on a case, by the kind of value. */
export function AnnotationCell({ row, field }: { row: CaseRow; field: AnnotationField }) {
  return isOfKind(field, 'person') ? <PersonCell row={row} field={field} /> : <TextCell row={row} field={field} />;
}
