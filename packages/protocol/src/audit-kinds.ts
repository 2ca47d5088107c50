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

/** What stands before the colon of an event's subject. */
export type AuditSubject = 'record' | 'lock' | 'conflict' | 'import' | 'connection' | 'session' | 'user' | 'workspace';

interface AuditKindDefinition {
  readonly group: AuditGroup;
  /**
   * `act`: it is written in the transaction of the act, or the act fails. `notice`: it is written after the fact, never holds up or fails
   * what it tells of, and is counted where it could not be written.
   */
  readonly commits: 'act' | 'notice';
  /** What its subject is; null where it is about the whole service or a whole workspace. */
  readonly about: AuditSubject | null;
  /**
   * What `before` and `after` hold at most. In each of them `records` are the internal ids of the records that it is about, an array, also
   * of one: no event holds a case id or a Vorgangsnummer.
   */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const QUALITY = ['tierMs', 'roundTripMs', 'applyLagMs', 'bufferedBytes'] as const;

/** What is on record beside changes of records and what is done to people and workspaces (R5.1, R5.2, R5.3, R5.5). */
export const FURTHER_AUDIT_KINDS = {
  'lock-taken': {
    group: 'lock',
    commits: 'notice',
    about: 'lock',
    before: [],
    after: ['records', 'instance', 'connection'],
  },
  'lock-released': {
    group: 'lock',
    commits: 'notice',
    about: 'lock',
    before: ['records', 'holder'],
    after: ['reason'],
  },
  'lock-lost': { group: 'lock', commits: 'notice', about: 'lock', before: ['records', 'holder'], after: ['reason'] },
  'lock-taken-away': { group: 'lock', commits: 'act', about: 'lock', before: ['records', 'holder'], after: [] },
  'conflict-met': {
    group: 'conflict',
    commits: 'act',
    about: 'conflict',
    before: [],
    after: ['records', 'baseVersion', 'currentVersion', 'fields', 'overlaps', 'operation', 'via'],
  },
  'conflict-resolved': {
    group: 'conflict',
    commits: 'act',
    about: 'conflict',
    before: ['records'],
    after: ['resolution', 'operation', 'supersededBy'],
  },
  'import-started': { group: 'import', commits: 'act', about: 'import', before: [], after: ['sizeBytes'] },
  'import-finished': { group: 'import', commits: 'act', about: 'import', before: [], after: ['rows'] },
  'import-failed': {
    group: 'import',
    commits: 'act',
    about: 'import',
    before: [],
    after: ['problem', 'sizeBytes', 'rows'],
  },
  'import-cancelled': { group: 'import', commits: 'act', about: 'import', before: ['startedBy'], after: ['rows'] },
  'import-paused': { group: 'import', commits: 'act', about: 'import', before: ['startedBy'], after: ['rows'] },
  'import-continued': { group: 'import', commits: 'act', about: 'import', before: ['startedBy'], after: ['rows'] },
  'records-exported': {
    group: 'export',
    commits: 'act',
    about: 'import',
    before: [],
    after: ['of', 'format', 'count'],
  },
  'audit-read': { group: 'audit', commits: 'act', about: null, before: [], after: ['filter'] },
  'audit-exported': { group: 'export', commits: 'act', about: null, before: [], after: ['filter', 'format'] },
  'audit-reported': { group: 'export', commits: 'act', about: null, before: [], after: ['records'] },
  'connection-opened': {
    group: 'connection',
    commits: 'notice',
    about: 'connection',
    before: [],
    after: ['client', 'clientVersion', 'instance', 'node', 'back', 'awayMs'],
  },
  'connection-degraded': {
    group: 'connection',
    commits: 'notice',
    about: 'connection',
    before: ['mode', 'tierMs'],
    after: ['mode', 'reason', ...QUALITY],
  },
  'connection-improved': {
    group: 'connection',
    commits: 'notice',
    about: 'connection',
    before: ['mode', 'tierMs'],
    after: ['mode', 'reason', ...QUALITY],
  },
  'connection-lost': {
    group: 'connection',
    commits: 'notice',
    about: 'connection',
    before: [],
    after: ['code', 'by', 'openMs', 'node', ...QUALITY],
  },
  'connection-closed': {
    group: 'connection',
    commits: 'notice',
    about: 'connection',
    before: [],
    after: ['code', 'by', 'openMs', 'node', ...QUALITY],
  },
  'level-chosen': { group: 'operation', commits: 'act', about: null, before: ['level'], after: ['level'] },
  'level-changed': {
    group: 'operation',
    commits: 'notice',
    about: null,
    before: ['level', 'chosenBy'],
    after: ['level', 'chosenBy', 'reasons'],
  },
  'entries-untold': {
    group: 'operation',
    commits: 'notice',
    about: null,
    before: [],
    after: ['count', 'kinds', 'node', 'since', 'until'],
  },
  'incarnation-began': {
    group: 'operation',
    commits: 'notice',
    about: null,
    before: ['incarnation'],
    after: ['incarnation'],
  },
  'retention-ran': {
    group: 'retention',
    commits: 'act',
    about: null,
    before: [],
    after: ['of', 'count', 'month', 'before', 'oldest', 'newest', 'archive', 'leaves'],
  },
  'case-erased': {
    group: 'retention',
    commits: 'act',
    about: null,
    before: [],
    after: [
      'records',
      'notes',
      'changes',
      'events',
      'conflicts',
      'operations',
      'importRows',
      'importFiles',
      'importNames',
      'reason',
      'leaves',
    ],
  },
} as const satisfies Record<string, AuditKindDefinition>;

/** Of which group what is done to people and workspaces is, and that somebody signed in. */
const ADMINISTRATION_KIND_GROUPS: Readonly<Record<AdministrationEventKind, Extract<AuditGroup, 'sign-in' | 'people'>>> =
  {
    'account-created': 'people',
    'account-changed': 'people',
    'account-disabled': 'people',
    'account-enabled': 'people',
    'account-deleted': 'people',
    'password-link-made': 'people',
    'password-reset': 'people',
    'sessions-ended': 'people',
    'second-factors-removed': 'people',
    'member-added': 'people',
    'member-changed': 'people',
    'member-suspended': 'people',
    'member-restored': 'people',
    'member-removed': 'people',
    'member-invited': 'people',
    'invitation-renewed': 'people',
    'invitation-revoked': 'people',
    'invitation-accepted': 'people',
    'service-account-created': 'people',
    'token-created': 'people',
    'token-ended': 'people',
    'workspace-created': 'people',
    'workspace-renamed': 'people',
    'workspace-archived': 'people',
    'workspace-reopened': 'people',
    'set-up-link-made': 'people',
    'session-started': 'sign-in',
    'session-ended': 'sign-in',
    reauthenticated: 'sign-in',
    'reauthentication-failed': 'sign-in',
    'sign-in': 'sign-in',
    'sign-in-failed': 'sign-in',
    'sign-in-slowed': 'sign-in',
    'password-changed': 'sign-in',
    'second-factor-set-up': 'sign-in',
    'second-factor-removed': 'sign-in',
    'recovery-codes-renewed': 'sign-in',
    'passkey-added': 'sign-in',
    'passkey-renamed': 'sign-in',
    'passkey-removed': 'sign-in',
    'account-linked': 'people',
    'account-unlinked': 'people',
    'account-merged': 'people',
  };

export type FurtherAuditKind = keyof typeof FURTHER_AUDIT_KINDS;
type Committed<How extends AuditKindDefinition['commits']> = {
  [Kind in FurtherAuditKind]: (typeof FURTHER_AUDIT_KINDS)[Kind] extends { readonly commits: How } ? Kind : never;
}[FurtherAuditKind];
/** What is on record with the act itself. */
export type AuditActKind = AdministrationEventKind | Committed<'act'>;
/** What is noted after the fact. */
export type AuditNoticeKind = Committed<'notice'>;
/** The kind of a row of `events`. */
export type AuditEventKind = AdministrationEventKind | FurtherAuditKind;
/** The kind of an entry of the trail: of an event, or what became of a record. */
export const RECORD_AUDIT_KINDS = ['record-created', 'record-changed', 'record-deleted'] as const;
export type RecordAuditKind = (typeof RECORD_AUDIT_KINDS)[number];
export type AuditKind = AuditEventKind | RecordAuditKind;

/** Every kind of an entry of the trail. */
export const AUDIT_KINDS: readonly AuditKind[] = [
  ...RECORD_AUDIT_KINDS,
  ...(Object.keys(ADMINISTRATION_KIND_GROUPS) as AdministrationEventKind[]),
  ...(Object.keys(FURTHER_AUDIT_KINDS) as FurtherAuditKind[]),
];

/** The group that a kind belongs to; undefined for one that only a newer service knows. */
export function auditGroupOf(kind: string): AuditGroup | undefined {
  if (Object.hasOwn(FURTHER_AUDIT_KINDS, kind)) return FURTHER_AUDIT_KINDS[kind as FurtherAuditKind].group;
  if (Object.hasOwn(ADMINISTRATION_KIND_GROUPS, kind))
    return ADMINISTRATION_KIND_GROUPS[kind as AdministrationEventKind];
  return (RECORD_AUDIT_KINDS as readonly string[]).includes(kind) ? 'record' : undefined;
}
