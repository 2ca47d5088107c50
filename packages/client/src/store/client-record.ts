import { parseIbeSegment } from '@meldesync/domain';
import type { Change, SyncedRecord } from '@meldesync/protocol';
import type { ClientRecord } from '../types/records.ts';

/*
 * What is done here is done for each of a hundred thousand records, or thousands of changes a second. It names the fields
 * one by one, which is several times as fast as a loop over their names, and keeps all records of one hidden class. The
 * compiler says where a field is missing in what is made; a test that goes through all fields says it of what is compared
 * and checked.
 */

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

/** Whether the value, an object, has what every record holds, each of its type. */
export function hasContent(value: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof value['vorgangsnummer'] === 'string' &&
    typeof value['ibe'] === 'string' &&
    isText(value['caseId']) &&
    typeof value['done'] === 'boolean' &&
    isText(value['assignee']) &&
    isText(value['note'])
  );
}

/** Whether what the value, an object, says of a record's content is of the right types. */
export function hasPartialContent(value: Readonly<Record<string, unknown>>): boolean {
  return (
    isAbsentOrString(value['vorgangsnummer']) &&
    isAbsentOrString(value['ibe']) &&
    isAbsentOrText(value['caseId']) &&
    (value['done'] === undefined || typeof value['done'] === 'boolean') &&
    isAbsentOrText(value['assignee']) &&
    isAbsentOrText(value['note'])
  );
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isAbsentOrString(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isAbsentOrText(value: unknown): boolean {
  return value === null || isAbsentOrString(value);
}
