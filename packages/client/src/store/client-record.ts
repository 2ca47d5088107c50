import { parseIbeSegment } from '@meldesync/domain';
import type { Change, SyncedRecord } from '@meldesync/protocol';
import type { ClientRecord } from '../types/records.ts';

/**
 * The record as the store holds it. When `known` is the same record it is returned itself, and when only the segment
 * is the same its parsed form is shared: a reload of what is there already costs neither memory nor a new row.
 */
export function toClientRecord(record: SyncedRecord, known?: ClientRecord): ClientRecord {
  if (known && isSame(known, record)) return known;
  return {
    id: record.id,
    version: record.version,
    vorgangsnummer: record.vorgangsnummer,
    ibe: record.ibe,
    caseId: record.caseId,
    done: record.done,
    assignee: record.assignee,
    note: record.note,
    updatedAt: record.updatedAt,
    updatedBy: record.updatedBy,
    mb: known?.ibe === record.ibe ? known.mb : parseIbeSegment(record.ibe),
  };
}

/** The record after a change; null when the change is an update and there is nothing to update. */
export function changeRecord(before: ClientRecord | undefined, change: Change): ClientRecord | null {
  const { set } = change;
  const vorgangsnummer = set.vorgangsnummer ?? before?.vorgangsnummer;
  const ibe = set.ibe ?? before?.ibe;
  if (vorgangsnummer === undefined || ibe === undefined) return null;
  return {
    id: change.record,
    version: change.version,
    vorgangsnummer,
    ibe,
    caseId: set.caseId === undefined ? (before?.caseId ?? null) : set.caseId,
    done: set.done ?? before?.done ?? false,
    assignee: set.assignee === undefined ? (before?.assignee ?? null) : set.assignee,
    note: set.note === undefined ? (before?.note ?? null) : set.note,
    updatedAt: change.at,
    updatedBy: change.by,
    mb: before?.ibe === ibe ? before.mb : parseIbeSegment(ibe),
  };
}

/** Whether both show the same. */
export function isSame(known: ClientRecord, record: SyncedRecord): boolean {
  return (
    known.version === record.version &&
    known.updatedAt === record.updatedAt &&
    known.updatedBy === record.updatedBy &&
    known.vorgangsnummer === record.vorgangsnummer &&
    known.ibe === record.ibe &&
    known.caseId === record.caseId &&
    known.done === record.done &&
    known.assignee === record.assignee &&
    known.note === record.note
  );
}
