import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { AnnotationField } from '@meldesync/domain';

/** The status column in one word; each has its texts in `cases.status` and `cases.statusReason`. */
export type StatusKind = 'done' | 'valid' | 'complete' | 'genomicOnly' | 'clinicalOnly' | 'unreadable';

/** Why the status is what it is; a key of `cases.statusReason`. */
export type StatusReason = StatusKind | 'validWithoutSequencing' | 'completeQc' | 'completeTyp';

/** All records of a case, genomic first. */
export function recordsOfRow({ genomic, clinical, unreadable }: CaseRow): readonly ClientRecord[] {
  return [...genomic, ...clinical, ...unreadable];
}

/** The record a case is addressed by in the page's URL. */
export function leadRecord({ genomic, clinical, unreadable }: CaseRow): ClientRecord | undefined {
  return genomic[0] ?? clinical[0] ?? unreadable[0];
}

/** The one status that matters most for the work on the case. */
export function statusKind({ status, genomic, clinical }: CaseRow): StatusKind {
  if (status.done) return 'done';
  if (genomic.length + clinical.length === 0) return 'unreadable';
  if (status.valid) return 'valid';
  if (status.completeness === 'complete') return 'complete';
  return status.completeness === 'genomic-only' ? 'genomicOnly' : 'clinicalOnly';
}

/** What explains the status best. */
export function statusReason(row: CaseRow): StatusReason {
  const kind = statusKind(row);
  if (kind === 'valid' && row.genomic.length === 0) return 'validWithoutSequencing';
  if (kind !== 'complete') return kind;
  const readable = [...row.genomic, ...row.clinical];
  if (readable.some(({ mb }) => mb?.qualitaetskontrolle === 0)) return 'completeQc';
  return readable.some(({ mb }) => mb && mb.typ !== 0) ? 'completeTyp' : 'complete';
}

/** Whether the case needs no genomic data: it was solved without sequencing. */
export function isWithoutSequencing({ clinical }: CaseRow): boolean {
  return clinical.some(({ mb }) => mb?.artDerSequenzierung === 0);
}

/** A field over all records of a case: the value they share, or that they differ. */
export type SharedValue<T> = { readonly isShared: true; readonly value: T } | { readonly isShared: false };

/**
 * Reads a field over the records of a case. Where some have none and the others agree, that is the value: people write
 * a note on one half and mean the case.
 */
export function sharedValue<Field extends AnnotationField>(
  records: readonly ClientRecord[],
  field: Field,
): SharedValue<ClientRecord[Field]> {
  const values = new Set(records.map((record) => record[field]).filter((value) => value !== null));
  if (values.size > 1) return { isShared: false };
  return { isShared: true, value: values.values().next().value ?? null };
}

/** Done of a case: all of its records, some of them, or none. */
export function doneState(records: readonly ClientRecord[]): 'all' | 'some' | 'none' {
  const done = records.filter((record) => record.done).length;
  if (done === 0) return 'none';
  return done === records.length ? 'all' : 'some';
}
