export { type ConnectOptions, connectDatabase, type Database, type Executor } from './connect.ts';
export { DatabaseUnreachableError, isOutage, isOverdue, sqlState } from './errors.ts';
export { type KeptConnection, keepConnected, PostgresSilentError } from './keep-connected.ts';
export { type AccessListenerOptions, listenForAccessChanges } from './listen-access.ts';
export { type MigrateOptions, migrateDatabase, ROLES, type RoleUser } from './migrate.ts';
export { connectOnce, openClient } from './open-client.ts';
export type { Actor } from './queries/actor.ts';
export * from './queries/administration/index.ts';
export * from './queries/audit/export.ts';
export * from './queries/audit/list.ts';
export * from './queries/audit/open-locks.ts';
export * from './queries/audit/origin.ts';
export { readConflicts } from './queries/audit/read-conflicts.ts';
export * from './queries/audit/record-notices.ts';
export * from './queries/audit/record-with.ts';
export { type ReportInput, reportCase } from './queries/audit/report.ts';
export * from './queries/audit/seal.ts';
export * from './queries/audit/seal-checkpoints.ts';
export * from './queries/audit/seal-leaves.ts';
export * from './queries/audit/seal-trail.ts';
export { type CancelledImport, cancelImport, type EndedImport } from './queries/cancel-import.ts';
export {
  type ConflictScope,
  getConflict,
  listConflicts,
  resolveConflict,
} from './queries/conflicts.ts';
export * from './queries/device-codes.ts';
export { type EditRecordsInput, type EditRefusal, type EditStep, operationBase } from './queries/edit-operation.ts';
export { editRecords } from './queries/edit-records.ts';
export * from './queries/emit-canary.ts';
export * from './queries/ensure-workspace.ts';
export * from './queries/erasure/index.ts';
export * from './queries/feed-state.ts';
export * from './queries/find-sessions.ts';
export * from './queries/find-user.ts';
export * from './queries/get-record.ts';
export {
  type AcceptedRow,
  type CommittedBatch,
  commitImportBatch,
  type ImportBatch,
  type ImportJob,
  type ImportPosition,
  type NotedRow,
} from './queries/import-batch.ts';
export * from './queries/import-job.ts';
export {
  countWaitingImports,
  createImport,
  findNextImport,
  findSentImports,
  getImport,
  listImportRows,
  listImports,
  listWaitingWorkspaces,
  type SentFiles,
  type WaitingImports,
} from './queries/imports.ts';
export * from './queries/known-records.ts';
export * from './queries/list-records.ts';
export { type FoundRecords, type LookUpInput, lookUpRecords } from './queries/look-up-records.ts';
export * from './queries/memberships.ts';
export * from './queries/open-device.ts';
export * from './queries/own-password.ts';
export * from './queries/own-sessions.ts';
export { type ContinueImportInput, continueImport, pauseImport } from './queries/pause-import.ts';
export * from './queries/ping.ts';
export * from './queries/record-at-version.ts';
export { isoTime, SYNCED_COLUMN_NAMES } from './queries/record-columns.ts';
export * from './queries/record-differences.ts';
export * from './queries/record-history.ts';
export * from './queries/record-versions.ts';
export * from './queries/replication-slot.ts';
export * from './queries/retention/index.ts';
export * from './queries/second-factor.ts';
export * from './queries/second-factors.ts';
export type { SessionRules } from './queries/session-rules.ts';
export * from './queries/sign-in-events.ts';
export * from './queries/single-sign-on/admit-person.ts';
export {
  type ProviderPerson,
  providerAccountId,
  SINGLE_SIGN_ON,
} from './queries/single-sign-on/provider-person.ts';
export * from './queries/single-sign-on/provider-sessions.ts';
export * from './queries/snapshot-page.ts';
export * from './queries/workspace-checksum.ts';
export * from './read-server-facts.ts';
export { type PostgresNeeds, requirePostgres } from './require-postgres.ts';
export { account, deviceCode, passkey, session, twoFactor, user, verification } from './schema/auth.ts';
export type { StoredFinding } from './schema/imports.ts';
export type { SchemaState } from './schema-state.ts';
