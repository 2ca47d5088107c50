import type { AdministrationEvent } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { changesOf, namesOfSubjects, subjectIn } from './event-changes.ts';

const event = (told: Partial<AdministrationEvent>): AdministrationEvent => ({
  id: 1,
  at: '2027-01-01T00:00:00Z',
  kind: 'member-changed',
  actor: 'user:ida',
  actorName: 'Ida Ihle',
  address: null,
  workspace: null,
  subject: null,
  subjectName: null,
  before: null,
  after: null,
  ...told,
});

describe('what an act changed', () => {
  it('is what differs, with what was set or taken away; ids are left out', () => {
    const before = { role: 'viewer', expiresAt: null, name: 'Anna' };
    const after = { role: 'editor', expiresAt: null, invitation: 'id-1' };
    expect(changesOf(event({ before, after }))).toEqual([
      { field: 'role', before: 'viewer', after: 'editor' },
      { field: 'name', before: 'Anna', after: undefined },
    ]);
    expect(changesOf(event({}))).toEqual([]);
  });

  it('does not say again whom it is about', () => {
    const after = { email: 'anna@klinik.example', role: 'editor' };
    expect(changesOf(event({ after }), 'anna@klinik.example').map(({ field }) => field)).toEqual(['role']);
  });
});

describe('whom it is about', () => {
  it('is the name of the account, else an address or a name in the event', () => {
    expect(subjectIn(event({ subjectName: 'Anna Albers', after: { email: 'a@b.example' } }))).toBe('Anna Albers');
    expect(subjectIn(event({ after: { email: 'a@b.example', name: 'Anna' } }))).toBe('a@b.example');
    expect(subjectIn(event({ before: { name: 'Kinderklinik' } }))).toBe('Kinderklinik');
    expect(subjectIn(event({ after: { expiresAt: 'x' } }))).toBeNull();
  });

  it('is known from another event of the same subject, the latest first', () => {
    const names = namesOfSubjects([
      event({ id: 3, subject: 'invitation:1', after: { expiresAt: 'x' } }),
      event({ id: 2, subject: 'user:a', subjectName: 'Anna Neu' }),
      event({ id: 1, subject: 'invitation:1', after: { email: 'anna@klinik.example' } }),
      event({ id: 0, subject: 'user:a', before: { name: 'Anna Alt' } }),
    ]);
    expect(names).toEqual(
      new Map([
        ['user:a', 'Anna Neu'],
        ['invitation:1', 'anna@klinik.example'],
      ]),
    );
  });

  it('is of a session whose it is, also where nothing but its own acts tell the name', () => {
    const began = { subject: 'session:1', actor: 'user:ida', actorName: 'Ida Ihle', after: { user: 'ida' } };
    expect(namesOfSubjects([event(began)]).get('session:1')).toBe('Ida Ihle');
    const ended = { subject: 'session:2', actor: 'system', actorName: null, before: { user: 'ben' } };
    expect(namesOfSubjects([event(ended)]).has('session:2')).toBe(false);
  });
});
