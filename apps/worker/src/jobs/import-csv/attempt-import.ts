import { countFailedImport, endImport, isOutage } from '@meldesync/db';
import { spanOfError } from '@meldesync/telemetry';
import { type ImportCsvContext, importCsv } from './import-csv.ts';

/**
 * What the queue is told of an attempt that failed, and keeps in Redis with its stack. It names no reason: an error of
 * Postgres carries the rows of its batch.
 */
export class ImportAttemptError extends Error {
  constructor() {
    super('import attempt failed');
  }
}

/** So many attempts in a row may fail without a batch committed. */
const MAX_FAILED_ATTEMPTS = 5;

/**
 * Works an import through, or as far as it goes: throws an `ImportAttemptError` when the queue is to try again. An import
 * that fails every time ends with an error that the person sees; outages and shutdowns do not count.
 */
export async function attemptImport(context: ImportCsvContext, importId: string): Promise<'ended' | 'stopped'> {
  try {
    return await importCsv(context, importId);
  } catch (error) {
    context.logger.event('import-attempt-failed', { err: error, import: importId });
    const counts = !context.signal.aborted && !isOutage(error);
    const span = spanOfError(error);
    const judge = () => giveUpAfterLast(context, importId);
    if (counts && (await (span ? context.tracing.within(span, judge) : judge()))) return 'ended';
    throw new ImportAttemptError();
  }
}

/** Counts an attempt that failed; true when it was the last and the import has ended. */
async function giveUpAfterLast(
  { database, progress, logger, metrics }: ImportCsvContext,
  importId: string,
): Promise<boolean> {
  try {
    const counted = await countFailedImport(database, importId);
    if (!counted || counted.failedAttempts < MAX_FAILED_ATTEMPTS) return false;
    const ended = await endImport(database, importId, { code: 'internal', params: {} });
    if (!ended) return false;
    progress.report(counted.workspaceId, ended);
    metrics.ended.add(1, { outcome: 'failed' });
    logger.event('import-given-up', { import: importId, attempts: counted.failedAttempts });
    return true;
  } catch (error) {
    // Postgres is away by now: an attempt that it could not count was none.
    logger.event('attempt-uncounted', { err: error, import: importId });
    return false;
  }
}
