import { BLANK_CONTENT, descriptorOf, FIELDS } from '@meldesync/domain';
import { expect, it } from 'vitest';
import { syncedRecord } from './record.ts';

const RECORD = {
  id: 1,
  version: 2,
  vorgangsnummer: 'a',
  ibe: 'b',
  ...BLANK_CONTENT,
  updatedAt: '2026-01-22T10:00:00.000Z',
  updatedBy: 'user:u1',
};

it.each(FIELDS)('is read without %s only where that may be empty', (field) => {
  const { [field]: _, ...without } = RECORD;
  const read = syncedRecord.safeParse(without);
  expect(read.success).toBe(descriptorOf(field).isNullable);
  if (read.success) expect(read.data).toEqual({ ...RECORD, [field]: null });
});
