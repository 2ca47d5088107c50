import { describe, expect, it } from 'vitest';
import {
  CONFLICTING_FIELDS,
  descriptorOf,
  EDITABLE_FIELDS,
  FIELDS,
  isEditable,
  isTyped,
  type RecordField,
} from './field-names.ts';
import { BLANK_CONTENT, differingFields, isAsPatched, pickFields } from './record-content.ts';
import { RECORD_FIELDS } from './record-fields.ts';

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the descriptors of fields', () => {
  it.each(FIELDS)('%s has the name that its key has in kebab-case: options of the terminal are read by it', (field) => {
    expect(descriptorOf(field).name).toBe(kebab(field));
  });

  it('are in the order in which fields are shown', () => {
    expect(FIELDS).toEqual(Object.keys(RECORD_FIELDS));
    expect(EDITABLE_FIELDS).toEqual(['caseId', 'done', 'assignee', 'note']);
    expect(CONFLICTING_FIELDS).toEqual(['caseId', 'done', 'assignee', 'note', 'ibe']);
  });

  it('forbid at least what Postgres cannot store', () => {
    for (const field of FIELDS) if (isTyped(field)) expect(RECORD_FIELDS[field].forbidden.test('a\0b')).toBe(true);
  });
});

describe('the content of a record', () => {
  it('is blank in all that people edit', () => {
    expect(BLANK_CONTENT).toEqual({ caseId: null, done: false, assignee: null, note: null });
    expect((Object.keys(BLANK_CONTENT) as RecordField[]).every(isEditable)).toBe(true);
  });

  it('differs in the fields that were changed', () => {
    const changed = { ...BLANK_CONTENT, note: 'a', done: true };
    expect(differingFields(EDITABLE_FIELDS, BLANK_CONTENT, changed)).toEqual(['done', 'note']);
    expect(differingFields(['note'], BLANK_CONTENT, { ...BLANK_CONTENT })).toEqual([]);
    expect(pickFields(changed, ['note', 'assignee'])).toEqual({ note: 'a', assignee: null });
  });

  it('is as patched when no field of the patch would change it', () => {
    expect(isAsPatched(BLANK_CONTENT, {})).toBe(true);
    expect(isAsPatched(BLANK_CONTENT, { note: null, done: false })).toBe(true);
    expect(isAsPatched(BLANK_CONTENT, { note: null, done: true })).toBe(false);
  });
});
