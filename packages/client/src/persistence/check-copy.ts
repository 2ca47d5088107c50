import { cursor, type SyncedRecord } from '@meldesync/protocol';
import { z } from 'zod';
import type { CopyPart, CopyPosition } from './sync-persistence.ts';

/* A copy may hold a hundred thousand records: they are looked at in place, which a schema would copy. */

const position = z.object({ cursor, currentAt: z.number().positive() });

/** The position of a copy; null when it is none. */
export function parseCopyPosition(value: unknown): CopyPosition | null {
  const parsed = position.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Whether the value is a part of a copy. */
export function isCopyPart(value: unknown): value is CopyPart {
  return (
    isObject(value) &&
    Array.isArray(value['records']) &&
    value['records'].every(isSyncedRecord) &&
    Array.isArray(value['removed']) &&
    value['removed'].every(isId)
  );
}

function isSyncedRecord(value: unknown): value is SyncedRecord {
  return (
    isObject(value) &&
    isId(value['id']) &&
    isId(value['version']) &&
    typeof value['vorgangsnummer'] === 'string' &&
    typeof value['ibe'] === 'string' &&
    isText(value['caseId']) &&
    typeof value['done'] === 'boolean' &&
    isText(value['assignee']) &&
    isText(value['note']) &&
    typeof value['updatedAt'] === 'string' &&
    typeof value['updatedBy'] === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
