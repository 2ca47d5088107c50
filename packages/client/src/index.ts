export { changesOf, namesOfSubjects } from './administration/event-changes.ts';
export { describeEventValue, type EventValueTexts } from './administration/event-value.ts';
export { type AdministrationApi, createAdministrationApi } from './api/administration-api.ts';
export { type Api, createApi, type UploadFile } from './api/api.ts';
export { type AuditApi, createAuditApi } from './api/audit-api.ts';
export { createDeviceSignInApi } from './api/device-sign-in-api.ts';
export { createEntryApi, type EntryApi } from './api/entry-api.ts';
export { type ApiOptions, createRequest } from './api/request.ts';
export { CASE_SORT_COLUMNS, type CaseSortColumn } from './cases/case-columns.ts';
export { type CaseIndexResult, createCaseIndex, type IndexedCase } from './cases/case-index.ts';
export { makeCaseEntry } from './cases/case-row.ts';
export { createCaseView } from './cases/case-view.ts';
export { createSyncClient } from './client.ts';
export { type ConflictRow, conflictRows, type FieldValue } from './conflicts/conflict-rows.ts';
export {
  type ConflictChoice,
  type ConflictChoices,
  type ConflictDecision,
  settleConflict,
} from './conflicts/settle-conflict.ts';
export { ProtocolViolation } from './errors/protocol-violation.ts';
export { SyncError } from './errors/sync-error.ts';
export { connectionsByTier } from './operations/connections-by-tier.ts';
export { type ProcessHealth, processHealth } from './operations/process-health.ts';
export * from './operations/quantities.ts';
export { serviceCertificates } from './operations/service-certificates.ts';
export { steadyNow } from './runtime.ts';
export { changeRecord, toClientRecord } from './store/client-record.ts';
export type * from './types/cases.ts';
export type * from './types/connection-state.ts';
export type * from './types/edits.ts';
export type * from './types/environment.ts';
export type * from './types/keeping.ts';
export type * from './types/locks.ts';
export type * from './types/presence.ts';
export type * from './types/records.ts';
export type * from './types/sync-client.ts';
export type * from './types/sync-persistence.ts';
export type * from './types/unsubscribe.ts';
export { createUndoHistory, type UndoHistory, type UndoResult } from './undo/undo-history.ts';
export type { UndoObstacle } from './undo/undo-steps.ts';
