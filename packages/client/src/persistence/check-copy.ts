import { cursor, type SyncedRecord, unreadableRecord } from '@meldesync/protocol';
import { hasContent } from '../store/client-record.ts';
import type { CopyPart, CopyPosition } from '../types/sync-persistence.ts';
import { isObject, isPositiveInteger } from '../values/check-value.ts';

/** Whether the value says where a copy stands. */
export function isCopyPosition(value: unknown): value is CopyPosition {
  return (
    isObject(value) &&
    cursor.safeParse(value['cursor']).success &&
    typeof value['currentAt'] === 'number' &&
    value['currentAt'] > 0 &&
    (value['unreadable'] === undefined || unreadableRecord.array().safeParse(value['unreadable']).success)
  );
}

/** Whether the value is a part of a copy. */
export function isCopyPart(value: unknown): value is CopyPart {
  return (
    isObject(value) &&
    Array.isArray(value['records']) &&
    value['records'].every(isSyncedRecord) &&
    Array.isArray(value['removed']) &&
    value['removed'].every(isPositiveInteger)
  );
}

function isSyncedRecord(value: unknown): value is SyncedRecord {
  return (
    isObject(value) &&
    isPositiveInteger(value['id']) &&
    isPositiveInteger(value['version']) &&
    hasContent(value) &&
    typeof value['updatedAt'] === 'string' &&
    typeof value['updatedBy'] === 'string'
  );
}
