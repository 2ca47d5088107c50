import { readFile } from 'node:fs/promises';
import { createApi, SyncError } from '@meldesync/client';
import { hasImportEnded, type ImportRow, type ImportSummary } from '@meldesync/protocol';
import { pause } from '../input/pause.ts';
import type { WorkspaceService } from '../session/service.ts';
import type { SourceFile } from './collect-files.ts';
import { countUpload } from './count-upload.ts';

/** Where a file stands, for the progress bar. */
export interface FileProgress {
  readonly phase: 'uploading' | 'queued' | 'running' | 'ended';
  /** 0 to 1, over upload and processing. */
  readonly fraction: number;
}

export interface ImportFileListener {
  readonly onProgress: (progress: FileProgress) => void;
  /** The service could not take the file, or not say what became of it, and is asked again. Called for each try. */
  readonly onWait: () => void;
}

/** Share of the bar that the upload gets. */
const UPLOAD_SHARE = 0.3;

const FIRST_LOOK_MS = 60;
const LONGEST_LOOK_MS = 1_000;

/** How long a request is made again that the service cannot answer just then, or asked to repeat. */
const PATIENCE_MS = 60_000;
/** Pauses between the tries grow from one to the other, unless the service says when. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/**
 * Uploads a file and follows it until the server has read it. Resolves with the last summary, a failed or cancelled one included;
 * rejects when the file cannot be read here, or with what the service refused.
 */
export async function importFile(
  service: WorkspaceService,
  file: SourceFile,
  signal: AbortSignal,
  { onProgress, onWait }: ImportFileListener,
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
  const [queued] = await withRetries(upload, signal, onWait);
  if (queued === undefined) throw new SyncError('internal');

  let summary = queued;
  for (let lookMs = FIRST_LOOK_MS; !hasImportEnded(summary); lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 1.4)) {
    onProgress({
      phase: summary.status === 'running' ? 'running' : 'queued',
      fraction: UPLOAD_SHARE + (1 - UPLOAD_SHARE) * summary.progress,
    });
    await pause(lookMs, signal);
    summary = await withRetries(() => api.import(workspace.id, summary.id, { signal }), signal, onWait);
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

/**
 * Makes a request again for as long as what it fails with passes by itself. A file that was taken although nobody heard so is
 * imported twice, which changes nothing the second time.
 */
async function withRetries<T>(request: () => Promise<T>, signal: AbortSignal, onWait: () => void): Promise<T> {
  let givesUpAt = Number.POSITIVE_INFINITY;
  for (let backoffMs = FIRST_RETRY_MS; ; backoffMs = Math.min(LONGEST_RETRY_MS, backoffMs * 2)) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof SyncError) || !error.retryable || signal.aborted) throw error;
      givesUpAt = Math.min(givesUpAt, Date.now() + PATIENCE_MS);
      const waitMs = error.retryAfterMs ?? backoffMs;
      if (Date.now() + waitMs > givesUpAt) throw error;
      onWait();
      await pause(waitMs, signal);
    }
  }
}
