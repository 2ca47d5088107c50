import { type AuditGroup, auditGroupOf } from '@meldesync/protocol';

/** A code of a code system (FHIR R4 Coding). */
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

const dcm = (code: string, display: string): Coding => ({ system: DCM, code, display });

export const REST: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  code: 'rest',
  display: 'Restful Operation',
};
const SOURCE_ROLE = dcm('110153', 'Source Role ID');
export const DESTINATION_ROLE = dcm('110152', 'Destination Role ID');
export const APPLICATION = dcm('110150', 'Application');
const CUSTODIAN: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  code: 'custodian',
  display: 'Custodian',
};
export const AUTHOR: Coding = { system: PARTICIPATION, code: 'AUT', display: 'author (originator)' };
const RECIPIENT: Coding = { system: PARTICIPATION, code: 'IRCP', display: 'information recipient' };
export const APPLICATION_SERVER: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
  code: '4',
  display: 'Application Server',
};
export const PERSON: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  code: '1',
  display: 'Person',
};
export const SYSTEM_OBJECT: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  code: '2',
  display: 'System Object',
};
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const PATIENT_ROLE: Coding = { system: ROLE, code: '1', display: 'Patient' };
export const RESOURCE_ROLE: Coding = { system: ROLE, code: '4', display: 'Domain Resource' };
export const QUERY_ROLE: Coding = { system: ROLE, code: '24', display: 'Query' };
export const REQUEST_ID: Coding = {
  system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
  code: 'XrequestId',
};

/** Kinds of entries, as entries name them. */
export const KIND_SYSTEM = 'urn:meldesync:audit-kind';

export type Action = 'C' | 'R' | 'U' | 'D' | 'E';

/** A kind that has a pattern of IHE's Basic Audit Log Patterns. */
export interface Pattern {
  /** Without `Patient` in it. */
  readonly profile: 'Create' | 'Update' | 'Delete' | 'Query';
  readonly action: Action;
  readonly subtype: Coding;
  /** Of who asks, who answers, and the person. */
  readonly roles: readonly [client: Coding, server: Coding, person: Coding];
}

const interaction = (code: string): Coding => ({ system: INTERACTION, code, display: code });

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  'record-created': {
    profile: 'Create',
    action: 'C',
    subtype: interaction('create'),
    roles: [SOURCE_ROLE, DESTINATION_ROLE, AUTHOR],
  },
  'record-changed': {
    profile: 'Update',
    action: 'U',
    subtype: interaction('update'),
    roles: [SOURCE_ROLE, DESTINATION_ROLE, AUTHOR],
  },
  'record-deleted': {
    profile: 'Delete',
    action: 'D',
    subtype: interaction('delete'),
    roles: [APPLICATION, CUSTODIAN, AUTHOR],
  },
  'audit-read': {
    profile: 'Query',
    action: 'E',
    subtype: interaction('search'),
    roles: [SOURCE_ROLE, DESTINATION_ROLE, RECIPIENT],
  },
};

/** What an event of a group is to DICOM (PS3.16 CID 400). */
const TYPES: Readonly<Record<AuditGroup, readonly [Coding, Action]>> = {
  record: [dcm('110100', 'Application Activity'), 'E'],
  'sign-in': [dcm('110114', 'User Authentication'), 'E'],
  people: [dcm('110113', 'Security Alert'), 'U'],
  lock: [dcm('110100', 'Application Activity'), 'E'],
  conflict: [dcm('110100', 'Application Activity'), 'E'],
  import: [dcm('110107', 'Import'), 'C'],
  export: [dcm('110106', 'Export'), 'R'],
  audit: [dcm('110101', 'Audit Log Used'), 'R'],
  connection: [dcm('110108', 'Network Entry'), 'E'],
  operation: [dcm('110100', 'Application Activity'), 'E'],
  retention: [dcm('110100', 'Application Activity'), 'D'],
};

/** Type and action of an event that has no pattern. */
export function typeOf(kind: string): readonly [Coding, Action] {
  return TYPES[auditGroupOf(kind) ?? 'operation'];
}

/** What DICOM calls some kinds besides. */
export const SUBTYPES: Readonly<Record<string, Coding>> = {
  'sign-in': dcm('110122', 'Login'),
  'sign-in-failed': dcm('110122', 'Login'),
  'sign-in-slowed': dcm('110122', 'Login'),
  'session-ended': dcm('110123', 'Logout'),
  'connection-opened': dcm('110124', 'Attach'),
  'connection-closed': dcm('110125', 'Detach'),
  'connection-lost': dcm('110125', 'Detach'),
  'member-changed': dcm('110136', 'Security Roles Changed'),
  'account-changed': dcm('110137', 'User security Attributes Changed'),
};

/** Kinds that tell of something that was tried and did not come about. */
export const FAILURES: ReadonlySet<string> = new Set([
  'sign-in-failed',
  'sign-in-slowed',
  'reauthentication-failed',
  'import-failed',
]);
