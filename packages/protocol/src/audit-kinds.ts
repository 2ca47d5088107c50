import type { AdministrationEventKind } from './administration-event-kinds.ts';

/** What an entry of the trail is about: what the Protokoll is filtered by. */
export const AUDIT_GROUPS = [
  'record',
  'sign-in',
  'people',
  'lock',
  'conflict',
  'import',
  'export',
  'audit',
  'connection',
  'operation',
  'retention',
] as const;
export type AuditGroup = (typeof AUDIT_GROUPS)[number];

interface AuditKindDefinition {
  readonly group: AuditGroup;
  /**
   * `act`: it is written in the transaction of the act, or the act fails. `notice`: it is written after the fact, never holds up or fails
   * what it tells of, and is counted where it could not be written.
   */
  readonly commits: 'act' | 'notice';
}

/** What is on record beside changes of records and what is done to people and workspaces (R5.1, R5.2, R5.3, R5.5). */
export const FURTHER_AUDIT_KINDS = {
  'lock-taken': { group: 'lock', commits: 'notice' },
  'lock-released': { group: 'lock', commits: 'notice' },
  'lock-lost': { group: 'lock', commits: 'notice' },
  'lock-taken-away': { group: 'lock', commits: 'act' },
  'conflict-met': { group: 'conflict', commits: 'act' },
  'conflict-resolved': { group: 'conflict', commits: 'act' },
  'import-started': { group: 'import', commits: 'act' },
  'import-finished': { group: 'import', commits: 'act' },
  'import-failed': { group: 'import', commits: 'act' },
  'import-cancelled': { group: 'import', commits: 'act' },
  'records-exported': { group: 'export', commits: 'act' },
  'audit-read': { group: 'audit', commits: 'act' },
  'audit-exported': { group: 'audit', commits: 'act' },
  'audit-reported': { group: 'audit', commits: 'act' },
  'connection-opened': { group: 'connection', commits: 'notice' },
  'connection-degraded': { group: 'connection', commits: 'notice' },
  'connection-improved': { group: 'connection', commits: 'notice' },
  'connection-lost': { group: 'connection', commits: 'notice' },
  'connection-closed': { group: 'connection', commits: 'notice' },
  'level-chosen': { group: 'operation', commits: 'act' },
  'level-changed': { group: 'operation', commits: 'notice' },
  'entries-untold': { group: 'operation', commits: 'notice' },
  'incarnation-began': { group: 'operation', commits: 'notice' },
  'retention-ran': { group: 'retention', commits: 'act' },
  'case-erased': { group: 'retention', commits: 'act' },
} as const satisfies Record<string, AuditKindDefinition>;

export type FurtherAuditKind = keyof typeof FURTHER_AUDIT_KINDS;
/** The kind of a row of `events`. */
export type AuditEventKind = AdministrationEventKind | FurtherAuditKind;
/** The kind of an entry of the trail: of an event, or what became of a record. */
export const RECORD_AUDIT_KINDS = ['record-created', 'record-changed', 'record-deleted'] as const;
export type RecordAuditKind = (typeof RECORD_AUDIT_KINDS)[number];
export type AuditKind = AuditEventKind | RecordAuditKind;
