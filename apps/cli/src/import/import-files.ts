import { SyncError } from '@meldesync/client';
import { describeImportFinding } from '@meldesync/domain';
import { describeError, type ImportRow, type ImportSummary } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { describeFailure, exitOfCode } from '../failure.ts';
import type { WorkspaceService } from '../session/service.ts';
import { describeReadError, type SourceFile, type UnusablePath } from './collect-files.ts';
import { type FileProgress, importFile, readRows } from './import-file.ts';

/** What became of a path. */
export interface FileResult {
  readonly path: string;
  /** Null when the server never took the file. */
  readonly summary: ImportSummary | null;
  /** Why it was not imported, or not to its end: a code for scripts and a sentence; null when it was read. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Rejected rows, and accepted ones with warnings if those were asked for. */
  readonly rows: readonly ImportRow[];
}

export interface ImportFilesOptions {
  readonly context: CliContext;
  readonly service: WorkspaceService;
  readonly sources: ReadonlyArray<SourceFile | UnusablePath>;
  /** Rows with warnings too. */
  readonly warnings: boolean;
  /** At most this many rows of each kind and file. */
  readonly rowLimit: number;
  readonly onProgress: (source: SourceFile, progress: FileProgress) => void;
  /** The service is asked again for what it could not do; called for each try of each file. */
  readonly onWait: () => void;
  readonly onResult: (result: FileResult) => void;
}

/** Uploads that run at the same time. */
const PARALLEL = 3;

/**
 * Imports files, some at a time, and resolves with a result for each in their order. A file that fails leaves the
 * others alone; rejects only on what would refuse all of them (sign-in, role), and on Ctrl-C.
 */
export async function importFiles(options: ImportFilesOptions): Promise<FileResult[]> {
  const { sources, context } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.terminal.signal, stop.signal]);
  const results: FileResult[] = [];
  const queue = [...sources.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, source] = next;
      try {
        const result = await importSource(options, source, signal);
        results[index] = result;
        options.onResult(result);
      } catch (error) {
        queue.length = 0;
        stop.abort(error);
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, sources.length) }, worker));
  return results;
}

async function importSource(
  options: ImportFilesOptions,
  source: SourceFile | UnusablePath,
  signal: AbortSignal,
): Promise<FileResult> {
  const { context, service, warnings, rowLimit, onProgress, onWait } = options;
  const { path } = source;
  const failed = (
    code: string,
    message: string,
    { summary = null, rows = [] }: Partial<Pick<FileResult, 'summary' | 'rows'>> = {},
  ): FileResult => ({ path, summary, failure: { code, message }, rows });
  if (source.kind === 'unusable') return failed('unusable-path', source.reason);
  try {
    const summary = await importFile(service, source, signal, {
      onProgress: (progress) => onProgress(source, progress),
      onWait,
    });
    const rows = await readRows(service, summary, { warnings, limit: rowLimit, signal });
    if (summary.status === 'cancelled') return failed('cancelled', context.t('import.cancelled'), { summary, rows });
    if (summary.status === 'paused') return failed('paused', context.t('import.paused'), { summary, rows });
    if (summary.status === 'failed') {
      const { error } = summary;
      return error === null
        ? failed('internal', describeError('internal', context.language), { summary, rows })
        : failed(error.code, describeImportFinding(error, context.language), { summary, rows });
    }
    return { path, summary, failure: null, rows };
  } catch (error) {
    if (concernsAll(error)) throw error;
    if (error instanceof SyncError) {
      return failed(error.code, describeFailure(error, context.t, context.language).sentence);
    }
    return failed('unusable-path', describeReadError(error, context.t));
  } finally {
    onProgress(source, { phase: 'ended', fraction: 1 });
  }
}

function concernsAll(error: unknown): boolean {
  if (error instanceof SyncError) {
    return (
      exitOfCode(error.code) === EXIT.denied || (error.cause instanceof CliError && error.cause.key === 'interrupted')
    );
  }
  return !(error instanceof Error && 'syscall' in error);
}
