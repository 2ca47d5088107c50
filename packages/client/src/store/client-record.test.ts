import {
  BLANK_CONTENT,
  descriptorOf,
  FIELDS,
  type FieldKind,
  type FieldValue,
  type RecordField,
} from '@meldesync/domain';
import { type Change, type SyncedRecord, syncedRecord } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { changeRecord, hasContent, hasPartialContent, isSame, toClientRecord } from './client-record.ts';

const synced = {
  ...Object.fromEntries(FIELDS.map((field) => [field, valueOf(field, 'a')])),
  id: 1,
  version: 1,
  updatedAt: '2026-01-22T10:00:00.000000Z',
  updatedBy: 'user:anna',
} as SyncedRecord;

/** One of two values of a field. */
function valueOf(field: RecordField, which: 'a' | 'b'): FieldValue {
  const values: Readonly<Record<FieldKind, FieldValue>> = {
    identity: which.repeat(64),
    segment: `IBE+${which}`,
    case: `F-${which}`,
    flag: which === 'b',
    person: `user-${which}`,
    text: `text ${which}`,
  };
  return values[descriptorOf(field).kind];
}

const changeOf = (set: object, op: Change['op'] = 'update'): Change => ({
  record: 1,
  version: 2,
  op,
  set,
  by: 'user:ben',
  via: 'web',
  at: '2026-01-22T11:00:00.000000Z',
});

describe.each(FIELDS)('the field %s of a record in the store', (field) => {
  it('is taken over from what came', () => {
    expect(toClientRecord(synced)[field]).toBe(synced[field]);
  });

  it('makes a record another one', () => {
    const known = toClientRecord(synced);
    expect(isSame(known, synced)).toBe(true);
    expect(toClientRecord(synced, known)).toBe(known);
    expect(isSame(known, { ...synced, [field]: valueOf(field, 'b') })).toBe(false);
  });

  it('is set by a change, and by no other', () => {
    const known = toClientRecord(synced);
    const value = valueOf(field, 'b');
    expect(changeRecord(known, changeOf({ [field]: value }))?.[field]).toBe(value);
    expect(changeRecord(known, changeOf({}))?.[field]).toBe(synced[field]);
    const { isNullable } = descriptorOf(field);
    if (isNullable) expect(changeRecord(known, changeOf({ [field]: null }))?.[field]).toBeNull();
  });

  it.each([undefined, null, true, 0, 'text', {}])('may be %j where the protocol says so', (value) => {
    const schema = syncedRecord.shape[field];
    const isReadable = schema.safeParse(value).success;
    // What this client keeps has every field; an older node may leave one out of what it sends.
    expect(hasContent({ ...synced, [field]: value })).toBe(value !== undefined && isReadable);
    expect(hasPartialContent({ [field]: value })).toBe(value === undefined || isReadable);
  });
});

it('a record that is new has what people have not edited yet', () => {
  const { vorgangsnummer, ibe } = synced;
  expect(changeRecord(undefined, changeOf({ vorgangsnummer, ibe }, 'insert'))).toEqual({
    id: 1,
    version: 2,
    vorgangsnummer,
    ibe,
    ...BLANK_CONTENT,
    updatedAt: '2026-01-22T11:00:00.000000Z',
    updatedBy: 'user:ben',
    mb: null,
  });
});
