import { type AuditApi, createAuditApi } from '@meldesync/client';
import { apiOptions, perLanguage } from './api.ts';

/** The calls of the audit trail with this browser's sign-in; apart from `api()`, so that only pages that show it load them. */
export const auditApi: () => AuditApi = perLanguage((language) => createAuditApi(apiOptions(language)));
