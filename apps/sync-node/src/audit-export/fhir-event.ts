import { type AuditEntry, auditKindName } from '@meldesync/protocol';
import {
  APPLICATION,
  APPLICATION_SERVER,
  AUTHOR,
  type Coding,
  DESTINATION_ROLE,
  FAILURES,
  KIND_SYSTEM,
  PATIENT_ROLE,
  PATTERNS,
  type Pattern,
  PERSON,
  QUERY_ROLE,
  REQUEST_ID,
  RESOURCE_ROLE,
  REST,
  SUBTYPES,
  SYSTEM_OBJECT,
  typeOf,
} from './fhir-codes.ts';

const PROFILES = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const WITHOUT = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

/** Where ids of here come from, as others are told. */
export interface FhirSource {
  readonly baseUrl: string;
  readonly version: string;
}

/**
 * An entry as a FHIR R4 AuditEvent: changes of records and readings of the trail by IHE's Basic Audit Log Patterns (BALP), all else with the
 * nearest type of DICOM. The kind is a subtype each time. Nobody has a resource here, so all are named by identifiers.
 */
export function toAuditEvent(entry: AuditEntry, source: FhirSource): object {
  const pattern = PATTERNS[entry.kind];
  const [type, action] = pattern ? [REST, pattern.action] : typeOf(entry.kind);
  const kind: Coding = { system: KIND_SYSTEM, code: entry.kind, display: auditKindName(entry.kind, 'en') };
  const named = pattern?.subtype ?? SUBTYPES[entry.kind];
  return {
    resourceType: 'AuditEvent',
    id: entry.key.replace(':', '-'),
    ...(pattern && { meta: { profile: [profileOf(pattern, entry)] } }),
    type,
    subtype: [...(named ? [named] : []), kind],
    action,
    recorded: entry.at,
    outcome: FAILURES.has(entry.kind) ? '4' : '0',
    agent: agentsOf(entry, pattern, source),
    source: {
      site: source.baseUrl,
      observer: { identifier: { value: source.baseUrl }, display: `MeldeSync ${source.version}` },
      type: [APPLICATION_SERVER],
    },
    entity: entitiesOf(entry, pattern, source),
  };
}

function profileOf({ profile }: Pattern, { caseId }: AuditEntry): string {
  return `${PROFILES}${profile !== 'Query' && caseId !== null ? 'Patient' : ''}${profile}`;
}

function agentsOf(entry: AuditEntry, pattern: Pattern | undefined, { baseUrl }: FhirSource): object[] {
  const [client, server, person] = pattern?.roles ?? [APPLICATION, DESTINATION_ROLE, AUTHOR];
  const isByNobody = entry.actor === 'system' || entry.actor === 'setup';
  const { address, session, via, actorName } = entry;
  const clientId = session ?? via ?? entry.actor;
  return [
    {
      type: { coding: [client] },
      who: { identifier: { system: `${baseUrl}/audit/clients`, value: clientId }, ...(via !== null && { display: via }) },
      requestor: false,
      network: address === null ? WITHOUT : { address, type: '2' },
    },
    {
      type: { coding: [server] },
      who: { identifier: { value: baseUrl }, display: 'MeldeSync' },
      requestor: false,
      network: { address: baseUrl, type: '5' },
    },
    ...(isByNobody
      ? []
      : [
          {
            type: { coding: [person] },
            who: {
              identifier: { system: `${baseUrl}/audit/people`, value: entry.actor },
              ...(actorName !== null && { display: actorName }),
            },
            requestor: true,
            ...(actorName !== null && { name: actorName }),
          },
        ]),
  ];
}

function entitiesOf(entry: AuditEntry, pattern: Pattern | undefined, { baseUrl }: FhirSource): object[] {
  const { record, version, caseId, subject, subjectName, operation, workspace, before, after } = entry;
  const identified = (kind: string, value: string) => ({ identifier: { system: `${baseUrl}/audit/${kind}`, value } });
  const entities: object[] = [];
  if (pattern?.profile === 'Query') {
    const asked = JSON.stringify(after?.['filter'] ?? {});
    entities.push({ type: SYSTEM_OBJECT, role: QUERY_ROLE, query: Buffer.from(asked).toString('base64') });
  } else if (record !== null || subject !== null) {
    const what = record === null ? identified('subjects', subject ?? '') : identified('records', String(record));
    const display = record === null ? subjectName : version === null ? null : `version ${version}`;
    entities.push({ what: { ...what, ...(display !== null && { display }) }, type: SYSTEM_OBJECT, role: RESOURCE_ROLE });
  }
  if (caseId !== null)
    entities.push({ what: { type: 'Patient', ...identified('cases', caseId) }, type: PERSON, role: PATIENT_ROLE });
  if (operation !== null) entities.push({ what: { identifier: { value: operation } }, type: REQUEST_ID });
  const details = detailsOf(pattern?.profile === 'Query' ? { workspace } : { workspace, before, after });
  // Beside the record itself: patterns let its entity say no more.
  if (details.length > 0) entities.push({ type: { system: KIND_SYSTEM, code: 'content' }, detail: details });
  return entities;
}

/** Values before and after as JSON, and the workspace. */
function detailsOf(values: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(values).flatMap(([type, value]) =>
    value === null ? [] : [{ type, valueString: typeof value === 'string' ? value : JSON.stringify(value) }],
  );
}
