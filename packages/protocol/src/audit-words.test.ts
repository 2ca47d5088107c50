import { describe, expect, it } from 'vitest';
import { AUDIT_GROUPS, AUDIT_KINDS, auditGroupOf, FURTHER_AUDIT_KINDS } from './audit-kinds.ts';
import {
  auditActorName,
  auditFieldName,
  auditGroupName,
  auditKindName,
  auditSubjectName,
  auditValueName,
} from './audit-words.ts';

describe('words of the trail', () => {
  it.each(AUDIT_KINDS)('%s has a name in both languages, and a group', (kind) => {
    for (const language of ['de', 'en'] as const) expect(auditKindName(kind, language)).toMatch(/^\p{Lu}/u);
    expect(AUDIT_GROUPS).toContain(auditGroupOf(kind));
  });

  it('every field that an entry may hold has a name in both languages', () => {
    const fields = Object.values(FURTHER_AUDIT_KINDS).flatMap(({ before, after }) => [...before, ...after]);
    for (const language of ['de', 'en'] as const)
      expect(fields.filter((field) => auditFieldName(field, language) === field)).toEqual([]);
  });

  it('knows those of administration too, and says what only a newer service knows as it is', () => {
    expect(auditKindName('member-removed', 'de')).toBe('Mitglied entfernt');
    expect(auditKindName('from-tomorrow', 'de')).toBe('from-tomorrow');
    expect(auditFieldName('constructor', 'en')).toBe('constructor');
    expect(auditValueName('constructor', 'toString', 'en')).toBeUndefined();
    expect(auditValueName('method', 'passkey', 'en')).toBe('passkey');
    expect(auditValueName('resolution', 'dropped', 'de')).toBe('verworfen');
    expect(auditGroupOf('from-tomorrow')).toBeUndefined();
  });

  it('names who did it, and what it is about', () => {
    expect(auditActorName({ actor: 'db:meldesync_app$&', actorName: null }, 'de')).toBe('Datenbank (meldesync_app$&)');
    expect(auditActorName({ actor: 'user:1', actorName: 'Anna' }, 'de')).toBe('Anna');
    expect(auditActorName({ actor: 'system', actorName: null }, 'en')).toBe('MeldeSync');
    expect(auditSubjectName('lock:1', 'en')).toBe('Lock');
    expect(auditGroupName('lock', 'de')).toBe('Sperren');
  });

  it('R5.5 whatever leaves the service as a file is found under exports', () => {
    const kinds = AUDIT_KINDS.filter((kind) => /export|report/.test(kind));
    expect(kinds).toEqual(['records-exported', 'audit-exported', 'audit-reported']);
    expect(kinds.map(auditGroupOf)).toEqual(['export', 'export', 'export']);
  });
});
