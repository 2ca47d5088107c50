import { expect, it } from 'vitest';
import { matching, memberState } from './member-state.ts';

const NOW = Date.parse('2027-01-01T12:00:00Z');
const active = { isDisabled: false, suspendedAt: null, expiresAt: null };

it('says the strongest of what keeps somebody out', () => {
  const expired = { ...active, expiresAt: '2027-01-01T11:59:59Z' };
  const suspended = { ...expired, suspendedAt: '2026-12-31T00:00:00Z' };
  expect(memberState(active, NOW)).toBe('active');
  expect(memberState({ ...active, expiresAt: '2027-01-01T12:00:01Z' }, NOW)).toBe('active');
  expect(memberState(expired, NOW)).toBe('expired');
  expect(memberState(suspended, NOW)).toBe('suspended');
  expect(memberState({ ...suspended, isDisabled: true }, NOW)).toBe('disabled');
});

it('finds by name and by address, whatever the case, and sorts umlauts where they belong', () => {
  const people = [
    { name: 'Zoe', email: 'z@klinik.example' },
    { name: 'Ömer', email: 'o@klinik.example' },
    { name: 'Anna', email: 'Anna.A@klinik.example' },
    { name: 'Paul', email: 'p@praxis.example' },
  ];
  expect(matching(people, '', 'de').map(({ name }) => name)).toEqual(['Anna', 'Ömer', 'Paul', 'Zoe']);
  expect(matching(people, ' KLINIK ', 'de').map(({ name }) => name)).toEqual(['Anna', 'Ömer', 'Zoe']);
  expect(matching(people, 'ömer', 'de')).toHaveLength(1);
});
