import { expect, it } from 'vitest';
import { isOfWorkspace, parseAdministrationSearch, sectionName } from './section-names.ts';

it('an address names a section, or none', () => {
  expect(sectionName('service-accounts')).toBe('service-accounts');
  expect(sectionName('Members')).toBeUndefined();
  expect(sectionName('toString')).toBeUndefined();
  expect(isOfWorkspace('members')).toBe(true);
  expect(isOfWorkspace('accounts')).toBe(false);
});

it('what is unreadable in an address is left out', () => {
  const of = '3F0C1B2A-9d8e-4c7b-a6f5-e4d3c2b1a098';
  expect(parseAdministrationSearch({ of, invite: true, first: 'yes', more: 1 })).toEqual({
    of: of.toLowerCase(),
    invite: true,
  });
  expect(parseAdministrationSearch({ of: '../accounts' })).toEqual({});
});
