import type { OpenAPIHono } from '@hono/zod-openapi';
import * as protocol from '@meldesync/protocol';
import type { z } from 'zod';

const [acceptedEdit, conflictingEdit, rejectedEdit] = protocol.editOutcome.options;

/** What the description of the API calls what several routes take or answer, or what a client has a word of its own for. */
const SHARED: Readonly<Record<string, z.ZodType>> = {
  AcceptedEdit: acceptedEdit,
  Account: protocol.administeredAccount,
  AccountList: protocol.administeredAccountList,
  AdministeredMember: protocol.administeredMember,
  AdministeredMemberList: protocol.administeredMemberList,
  AdministeredWorkspace: protocol.administeredWorkspace,
  AdministeredWorkspaceList: protocol.administeredWorkspaceList,
  AdministrationEvent: protocol.administrationEvent,
  AdministrationEventPage: protocol.administrationEventPage,
  AskingTerminal: protocol.askingTerminal,
  AuditEntry: protocol.auditEntry,
  AuditExport: protocol.auditExport,
  AuditFilter: protocol.auditFilter,
  AuditFilterOrAll: protocol.auditQuery.shape.filter,
  AuditPage: protocol.auditPage,
  AuditQuery: protocol.auditQuery,
  AuditReport: protocol.auditReport,
  Change: protocol.change,
  ChangedFields: protocol.changedFields,
  Checksum: protocol.checksumAnswer,
  Conflict: protocol.storedConflict,
  ConflictField: protocol.conflictField,
  ConflictPage: protocol.conflictPage,
  ConflictingEdit: conflictingEdit,
  DeviceCode: protocol.deviceCodeInput,
  DeviceKeys: protocol.deviceKeys,
  EditItem: protocol.editItem,
  EditOutcome: protocol.editOutcome,
  EditRequest: protocol.editRequest,
  EditResponse: protocol.editResponse,
  EndedCount: protocol.endedSessions,
  Entry: protocol.entry,
  ErasureList: protocol.erasureList,
  ErrorCode: protocol.errorCode,
  Frame: protocol.frame,
  FramesPage: protocol.framesPage,
  HistoryEntry: protocol.historyEntry,
  HistoryPage: protocol.historyPage,
  Import: protocol.importSummary,
  ImportList: protocol.importList,
  ImportPage: protocol.importPage,
  ImportRow: protocol.importRow,
  ImportRowPage: protocol.importRowPage,
  Invitation: protocol.invitation,
  InvitationList: protocol.invitationList,
  JoinedWorkspace: protocol.joinedWorkspace,
  LeasedLock: protocol.leasedLock,
  LinkSecret: protocol.linkSecret,
  Lock: protocol.recordLock,
  LockList: protocol.lockList,
  LockRequest: protocol.lockRequest,
  MadeAccount: protocol.madeAccount,
  MadeInvitation: protocol.madeInvitation,
  MadeServiceToken: protocol.madeServiceToken,
  Me: protocol.me,
  Member: protocol.member,
  MemberList: protocol.memberList,
  OneTimeLink: protocol.oneTimeLink,
  Operations: protocol.operations,
  OwnSession: protocol.ownSession,
  OwnSessionList: protocol.ownSessionList,
  Record: protocol.syncedRecord,
  RecordPage: protocol.recordPage,
  RecordPatch: protocol.recordPatch,
  RejectedEdit: rejectedEdit,
  RetentionRun: protocol.retentionRun,
  RetentionRunList: protocol.retentionRunList,
  ServiceAccount: protocol.serviceAccount,
  ServiceAccountList: protocol.serviceAccountList,
  ServiceToken: protocol.serviceToken,
  SnapshotPage: protocol.snapshotPage,
  WorkspaceMembership: protocol.workspaceMembership,
};

/**
 * Describes them once each. They are cloned: those of the protocol are made before anything here could name them, and are the same for the
 * WebSocket, which knows no such names. `shareParts` then has everything point to them.
 */
export function registerShared(registry: OpenAPIHono['openAPIRegistry']): void {
  for (const [name, schema] of Object.entries(SHARED)) registry.register(name, schema.meta({}));
}
