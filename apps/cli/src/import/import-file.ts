import { readFile } from 'node:fs/promises';
import { createApi, SyncError } from '@meldesync/client';
import { hasImportEnded, type ImportRow, type ImportSummary } from '@meldesync/protocol';
import type { WorkspaceService } from '../session/service.ts';
import type { SourceFile } from './collect-files.ts';
import { countUpload } from './count-upload.ts';
import { pause } from './pause.ts';

/** Where a file stands, for the progress bar. */
export interface FileProgress {
  readonly phase: 'uploading' | 'queued' | 'running' | 'ended';
  /** 0 to 1, over upload and processing. */
  readonly fraction: number;
}

/** Share of the bar that the upload gets. */
const UPLOAD_SHARE = 0.3;

const FIRST_LOOK_MS = 60;
const LONGEST_LOOK_MS = 1_000;

/** Attempts of a request that the service asked to repeat, or that got no answer while an import runs. */
const ATTEMPTS = 6;
const DEFAULT_RETRY_MS = 1_000;

/**
 * Uploads a file and follows it until the server has read it. Resolves with the last summary, a failed or cancelled one included;
 * rejects when the file cannot be read here, or with what the service refused.
 */
export async function importFile(
  service: WorkspaceService,
  file: SourceFile,
  signal: AbortSignal,
  onProgress: (progress: FileProgress) => void,
): Promise<ImportSummary> {
  const { api, workspace } = service;
  onProgress({ phase: 'uploading', fraction: 0 });
  const content = new Blob([new Uint8Array(await readFile(file.path))], { type: 'text/csv' });
  const counting = createApi({
    baseUrl: service.access.server,
    fetch: countUpload(service.fetch, (sentBytes) => {
      const sent = Math.min(1, sentBytes / Math.max(1, content.size));
      onProgress({ phase: 'uploading', fraction: UPLOAD_SHARE * sent });
    }),
  });
  const upload = () => counting.uploadImports(workspace.id, [{ name: file.name, content }], { signal });
  const [queued] = await withRetries(
    upload,
    (error) => error.code === 'rate-limited' || error.code === 'too-many-imports',
    signal,
  );
  if (queued === undefined) throw new SyncError('internal');

  let summary = queued;
  for (let lookMs = FIRST_LOOK_MS; !hasImportEnded(summary); lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 1.4)) {
    onProgress({
      phase: summary.status === 'running' ? 'running' : 'queued',
      fraction: UPLOAD_SHARE + (1 - UPLOAD_SHARE) * summary.progress,
    });
    await pause(lookMs, signal);
    summary = await withRetries(
      () => api.import(workspace.id, summary.id, { signal }),
      (error) => error.retryable,
      signal,
    );
  }
  onProgress({ phase: 'ended', fraction: 1 });
  return summary;
}

/**
 * The rows of an import that have something to say, by line: the rejected ones, and with `warnings` those accepted with
 * a warning. At most `limit` of each kind.
 */
export async function readRows(
  service: WorkspaceService,
  summary: ImportSummary,
  { warnings, limit, signal }: { warnings: boolean; limit: number; signal: AbortSignal },
): Promise<ImportRow[]> {
  const wanted = {
    rejected: Math.min(limit, summary.rows.rejected),
    warned: warnings ? Math.min(limit, summary.rows.warned) : 0,
  };
  const rows: ImportRow[] = [];
  let after: number | undefined;
  while (wanted.rejected > 0 || wanted.warned > 0) {
    const page = await service.api.importRows(service.workspace.id, summary.id, { after, signal });
    for (const row of page.rows) {
      if (wanted[row.outcome] === 0) continue;
      wanted[row.outcome]--;
      rows.push(row);
    }
    if (page.next === null) break;
    after = page.next;
  }
  return rows;
}

async function withRetries<T>(
  request: () => Promise<T>,
  mayRetry: (error: SyncError) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof SyncError) || !mayRetry(error) || attempt === ATTEMPTS) throw error;
      await pause(error.retryAfterMs ?? DEFAULT_RETRY_MS, signal);
    }
  }
}
