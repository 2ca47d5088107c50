import { editItem, operationId, recordPatch, syncedRecord } from '@meldesync/protocol';
import { toClientRecord } from '../store/client-record.ts';
import type { EditIntent } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';
import type { KeptEdit, KeptIntent } from '../types/sync-persistence.ts';
import { isObject, isPositiveInteger } from '../values/check-value.ts';

/** Whether the value is an edit that was kept. */
export function isKeptEdit(value: unknown): value is KeptEdit {
  if (!isObject(value)) return false;
  const { operation, order, intents, bases } = value;
  return (
    operationId.safeParse(operation).success &&
    typeof order === 'number' &&
    Array.isArray(intents) &&
    intents.length > 0 &&
    intents.every(isKeptIntent) &&
    (bases === null || (Array.isArray(bases) && bases.length === intents.length && bases.every(isBase)))
  );
}

function isKeptIntent(value: unknown): boolean {
  return (
    isObject(value) &&
    syncedRecord.safeParse(value['seen']).success &&
    recordPatch.safeParse(value['set']).success &&
    editItem.shape.resolves.safeParse(value['resolves']).success
  );
}

function isBase(value: unknown): boolean {
  return isObject(value) && isPositiveInteger(value['from']) && isPositiveInteger(value['to']);
}

/** An intent as it is kept: the parsed segment is made again. */
export function toKeptIntent({ seen, set, resolves }: EditIntent): KeptIntent {
  return { seen: toSyncedRecord(seen), set, ...(resolves ? { resolves } : {}) };
}

/** A kept intent as it was; `known` is the record as the store holds it. */
export function toIntent({ seen, set, resolves }: KeptIntent, known: ClientRecord | undefined): EditIntent {
  return { seen: toClientRecord(seen, known), set, ...(resolves ? { resolves } : {}) };
}

/** The record as it came. */
export function toSyncedRecord({ mb: _mb, ...record }: ClientRecord): KeptIntent['seen'] {
  return record;
}
