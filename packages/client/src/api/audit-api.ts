import {
  type AuditExport,
  type AuditFilter,
  type AuditFormat,
  type AuditQuery,
  auditEntry,
  auditPage,
  type ErrorCode,
  readableList,
} from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import { type ApiOptions, createDownload, createRequest } from './request.ts';

/** The same as a client reads it. */
const receivedAuditPage = auditPage.extend({ entries: readableList(auditEntry) });

interface QueryInput extends Partial<Omit<AuditQuery, 'filter'>> {
  readonly filter?: AuditFilter | undefined;
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What auditors may ask for over HTTP, typed; every answer is checked against its schema. Methods reject with `SyncError`. */
export type AuditApi = ReturnType<typeof createAuditApi>;

/** Makes the client of the audit trail, apart from that of everyday work, so that a page which shows none does not load it. */
export function createAuditApi(options: ApiOptions) {
  const send = createRequest(options);
  const download = createDownload(options);
  const at = (workspace: string, path: string): string => `/workspaces/${encodeURIComponent(workspace)}/audit${path}`;

  return {
    /**
     * A page of entries, newest first. `before` goes on to older ones, `since` to what came since. Rejects with
     * `cursor-of-another-query` where the cursor is of another filter.
     */
    query: (workspace: string, { signal, ...query }: QueryInput) =>
      send(receivedAuditPage, at(workspace, '/query'), { method: 'POST', json: query, signal }),

    /** All entries that a filter leaves, as a file. Rejects with `unavailable` or `export-cut-off` where it breaks off. */
    export: async (
      workspace: string,
      { signal, ...wanted }: AuditExport & { readonly signal?: AbortSignal | undefined },
    ): Promise<Blob> => {
      const file = await download(at(workspace, '/export'), { method: 'POST', json: wanted, signal });
      if (await isCutOff(file, wanted.format)) throw new SyncError('export-cut-off');
      return file;
    },
  };
}

/** Longer than what an export says of itself at its end. */
const END_BYTES = 4_096;

/** Whether an export says at its end that it is not whole: the service began to answer and then could not go on. */
async function isCutOff(file: Blob, format: AuditFormat): Promise<boolean> {
  const lines = (await file.slice(-END_BYTES).text()).trimEnd().split('\n');
  // A bundle is closed after what it says last.
  return lines.at(format === 'fhir' ? -2 : -1)?.includes('export-cut-off' satisfies ErrorCode) ?? false;
}
