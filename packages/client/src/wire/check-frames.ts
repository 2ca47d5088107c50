import type { Frame } from '@meldesync/protocol';
import { hasPartialContent } from '../store/client-record.ts';
import { isObject, isPositiveInteger } from '../values/check-value.ts';

/*
 * Frames are the hot path: thousands of changes a second while an import runs. The protocol's zod schema builds a copy
 * of every frame and costs several times as much as this check, which looks at the same things in place.
 * A property test holds the two together.
 */

const POSITION = /^\d{1,20}-\d{1,20}$/;
const OPS: ReadonlySet<unknown> = new Set(['insert', 'update', 'delete']);

/** Whether the value is the non-empty list of frames that a `frames` message carries. */
export function isFrameList(value: unknown): value is Frame[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFrame);
}

function isFrame(value: unknown): boolean {
  return (
    isObject(value) &&
    isPosition(value['id']) &&
    isPosition(value['prev']) &&
    Array.isArray(value['changes']) &&
    value['changes'].every(isChange) &&
    (value['sum'] === undefined || (Number.isSafeInteger(value['sum']) && (value['sum'] as number) >= 0)) &&
    (value['at'] === undefined || Number.isFinite(value['at'])) &&
    (value['trace'] === undefined || typeof value['trace'] === 'string')
  );
}

function isChange(value: unknown): boolean {
  if (!isObject(value) || !isObject(value['set'])) return false;
  const set = value['set'];
  return (
    isPositiveInteger(value['record']) &&
    isPositiveInteger(value['version']) &&
    OPS.has(value['op']) &&
    typeof value['via'] === 'string' &&
    typeof value['by'] === 'string' &&
    typeof value['at'] === 'string' &&
    (value['operation'] === undefined || typeof value['operation'] === 'string') &&
    hasPartialContent(set) &&
    (value['op'] !== 'insert' || (set['vorgangsnummer'] !== undefined && set['ibe'] !== undefined))
  );
}

function isPosition(value: unknown): boolean {
  return typeof value === 'string' && POSITION.test(value);
}
