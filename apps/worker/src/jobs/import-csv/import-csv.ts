import {
  beginImport,
  type CommittedBatch,
  commitImportBatch,
  type Database,
  endImport,
  type ImportBatch,
  type ImportJob,
  type ImportPosition,
  isOverdue,
  pauseImport,
  readImportBytes,
  setImportTotal,
} from '@meldesync/db';
import { CsvFileError, type CsvRow, readMeldebestaetigungCsv } from '@meldesync/domain/csv';
import type { ImportSummary } from '@meldesync/protocol';
import type { Logger, Tracing } from '@meldesync/telemetry';
import type { ImportMetrics } from '../../worker-metrics.ts';
import type { Turns } from '../fair-turns.ts';
import { checkFile, type FileCheck } from './check-file.ts';
import { checkRow } from './check-row.ts';
import { DeferredRows } from './deferred-rows.ts';
import { ImportTrace } from './import-trace.ts';
import type { ProgressReporter } from './progress-reporter.ts';
import { noteOf, toBatch, toDeferredBatch } from './to-batch.ts';

/** How much of what a file has wrong with it is kept. */
export interface ImportLimits {
  /** A file with more rejected rows is refused as a whole. */
  readonly maxRejectedRows: number;
  /** So many rows with warnings are kept of a file; further ones are counted. */
  readonly maxWarnedRows: number;
}

export interface ImportCsvContext {
  readonly database: Database;
  readonly progress: Pick<ProgressReporter, 'report'>;
  readonly turns: Turns;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly limits: ImportLimits;
  readonly metrics: ImportMetrics;
  /** Ends the work after the batch under way. */
  readonly signal: AbortSignal;
}

/** Rows written in one transaction: large enough to be quick, small enough that an edit never waits long for a row. */
const BATCH_ROWS = 500;

/** So many rows of a file are left for later, since their records are locked; with more the import waits. */
const MAX_DEFERRED_ROWS = 1_000;

const ROW_OUTCOMES = ['created', 'updated', 'unchanged', 'rejected', 'deferred'] as const;

/** How long an import leaves a record alone that somebody else has locked. */
const LOCKED_PAUSE_MS = 250;

/**
 * Works a file through (R3.1): reads it once to check it (`checkFile`), and once more to write it, batch by batch. Cut off
 * anywhere and begun again, it goes on behind the last batch that was committed. A file that cannot be read at all, or has
 * too many rows to be rejected, ends as failed with nothing written; any other error is thrown, for `attemptImport` to
 * judge. Resolves with `stopped` when the signal came first and the rest is left to somebody else.
 */
export async function importCsv(context: ImportCsvContext, importId: string): Promise<'ended' | 'stopped'> {
  const job = await beginImport(context.database, importId);
  if (!job) return 'ended';
  const trace = new ImportTrace(context.tracing, job.traceparent);
  return trace.attempt(() => workThrough(context, job, trace));
}

async function workThrough(
  context: ImportCsvContext,
  job: ImportJob,
  trace: ImportTrace,
): Promise<'ended' | 'stopped'> {
  const { database, logger, limits } = context;
  const { id: importId } = job;
  const report = (summary: ImportSummary | undefined) => summary && context.progress.report(job.workspaceId, summary);
  const end = (outcome: 'done' | 'failed', ended: ImportSummary | undefined) => {
    if (ended) context.metrics.ended.add(1, { outcome });
    report(ended);
  };
  const read = () =>
    context.turns.each(readMeldebestaetigungCsv(readImportBytes(database, importId), { batchRows: BATCH_ROWS }));
  try {
    // What has been begun was acceptable, whatever the limit is by now: its rows are in.
    const maxRejected = job.position.committedLine > 0 ? Number.POSITIVE_INFINITY : limits.maxRejectedRows;
    const check = await checkFile(until(context.signal, read()), maxRejected);
    if (context.signal.aborted) return 'stopped';
    if (check.outcome === 'refused') {
      const error = { code: 'too-many-rejected', params: { limit: limits.maxRejectedRows } };
      const refused = { rejected: check.rejected, sample: check.sample.map(noteOf) };
      end('failed', await endImport(database, importId, error, refused));
      logger.event('import-refused', { import: importId, problem: error.code });
      return 'ended';
    }
    if (!(await setImportTotal(database, importId, check.total))) return 'ended';
    const outcome = await writeBatches(context, job, { batches: read(), check, report, trace });
    if (outcome !== 'written') return outcome;
    const ended = await endImport(database, importId, null);
    end('done', ended);
    logger.event('import-finished', { import: importId, rows: ended?.rows });
  } catch (error) {
    if (!(error instanceof CsvFileError)) throw error;
    // Of one that was cancelled meanwhile the bytes are gone, and it has ended already.
    end('failed', await endImport(database, importId, { code: error.code, params: { ...error.params } }));
    logger.event('import-refused', { import: importId, problem: error.code });
  }
  return 'ended';
}

interface Writing {
  readonly batches: AsyncIterable<CsvRow[]>;
  readonly check: Extract<FileCheck, { outcome: 'acceptable' }>;
  readonly report: (summary: ImportSummary) => void;
  readonly trace: ImportTrace;
}

/** Batches, as long as nobody says that it is enough. */
async function* until<T>(signal: AbortSignal, batches: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const batch of batches) {
    if (signal.aborted) return;
    yield batch;
  }
}

/** Writes what is not committed yet. `ended` when the import was cancelled, or somebody else goes on with it. */
async function writeBatches(
  context: ImportCsvContext,
  job: ImportJob,
  { batches, check, report, trace }: Writing,
): Promise<'written' | 'ended' | 'stopped'> {
  let { position } = job;
  const deferred = new DeferredRows();
  for await (const rows of until(context.signal, batches)) {
    const checked = rows.map((row) => checkRow(row, check.contradictions));
    deferred.keep(checked, position);
    const fresh = checked.filter((row) => row.line > position.committedLine);
    if (fresh.length === 0) continue;
    const outcome = await commitPatiently(context, job, position, toBatch(fresh), trace);
    if (outcome === 'stopped' || outcome === 'ended') return outcome;
    position = outcome.position;
    deferred.keep(fresh, position);
    report(outcome.summary);
  }
  while (position.deferredLines.length > 0 && !context.signal.aborted) {
    const outcome = await commitPatiently(context, job, position, toDeferredBatch(deferred.rows, position), trace);
    if (outcome === 'stopped' || outcome === 'ended') return outcome;
    const isStuck = outcome.position.deferredLines.length === position.deferredLines.length;
    position = outcome.position;
    deferred.keep([], position);
    if (isStuck) await context.turns.rest(LOCKED_PAUSE_MS, context.signal);
    else report(outcome.summary);
  }
  return context.signal.aborted ? 'stopped' : 'written';
}

/**
 * Commits a batch, or pauses the import where its person may not import any more. It goes round records that somebody else has locked; while that is not
 * enough, others have the turn.
 */
async function commitPatiently(
  context: ImportCsvContext,
  job: ImportJob,
  position: ImportPosition,
  batch: ImportBatch,
  trace: ImportTrace,
): Promise<CommittedBatch | 'ended' | 'stopped'> {
  const { database, limits, turns, signal, logger, metrics } = context;
  // To look for locked records costs two statements: only for who met one.
  let maxDeferred = position.deferredLines.length > 0 ? MAX_DEFERRED_ROWS : 0;
  for (;;) {
    try {
      const options = { position, maxWarned: limits.maxWarnedRows, maxDeferred };
      const begunAt = performance.now();
      const committed = await trace.batch(batch.accepted.length, (traceparent) =>
        commitImportBatch(database, job, batch, { ...options, traceparent }),
      );
      if (committed === 'not-allowed') {
        const paused = await pauseImport(database, job.id);
        if (paused) context.progress.report(job.workspaceId, paused);
        logger.event('import-paused', { import: job.id });
        return 'ended';
      }
      if (committed) {
        metrics.batchDuration.record((performance.now() - begunAt) / 1_000);
        for (const outcome of ROW_OUTCOMES) metrics.rows.add(committed.counts[outcome], { outcome });
        return committed;
      }
      logger.event('import-left', { import: job.id });
      return 'ended';
    } catch (error) {
      if (!isOverdue(error)) throw error;
    }
    if (signal.aborted) return 'stopped';
    logger.event('import-waits', { import: job.id });
    if (maxDeferred > 0) await turns.rest(LOCKED_PAUSE_MS, signal);
    maxDeferred = MAX_DEFERRED_ROWS;
  }
}
