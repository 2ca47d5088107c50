import { describe, expect, it } from 'vitest';
import { translatorOf } from '../messages/translator.ts';
import { createPeople, findMember } from './people.ts';

const members = [
  { id: 'u1', name: 'Person Eins', role: 'editor' },
  { id: 'u2', name: 'Person Zwei', role: 'editor' },
  { id: 'u3', name: 'Äußere Stelle', role: 'admin', isAssignable: true },
  { id: 'u4', name: 'Nur Lesend', role: 'viewer' },
  { id: 'u5', name: 'Person Ausgesetzt', role: 'editor', isAssignable: false },
] as const;

describe('who made a change (R5.1)', () => {
  const people = createPeople(members, translatorOf('de'));

  it.each([
    ['user:u1', 'Person Eins'],
    ['user:gone', 'unbekannt'],
    ['import:4711', 'Import'],
    ['db:clinic_batch', 'Datenbank (clinic_batch)'],
  ])('%s is %s', (by, text) => {
    expect(people.describe(by)).toBe(text);
  });
});

describe('an assignee', () => {
  it.each([
    ['me', 'u2'],
    ['u3', 'u3'],
    ['person eins', 'u1'],
    ['ÄUSSERE'.toLowerCase(), undefined],
    ['äu', 'u3'],
    ['zwei', 'u2'],
    ['Person', 'ambiguous'],
    ['Niemand', undefined],
    ['u4', 'barred'],
    ['lesend', 'barred'],
    ['Person Ausgesetzt', 'barred'],
  ])('%j is %s', (wanted, found) => {
    const find = () => findMember(members, wanted, 'u2');
    if (found === undefined) expect(find).toThrowError(expect.objectContaining({ key: 'assigneeUnknown' }));
    else if (found === 'barred') expect(find).toThrowError(expect.objectContaining({ key: 'assigneeNotEditing' }));
    else if (found === 'ambiguous') expect(find).toThrowError(expect.objectContaining({ key: 'assigneeAmbiguous' }));
    else expect(find()).toBe(found);
  });
});
