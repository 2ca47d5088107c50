export { type Api, createApi, type UploadFile } from './api/api.ts';
export type { ApiOptions } from './api/request.ts';
export { createCaseView } from './cases/case-view.ts';
export { createSyncClient } from './client.ts';
export { ProtocolViolation } from './errors/protocol-violation.ts';
export { SyncError } from './errors/sync-error.ts';
export type * from './types.ts';
