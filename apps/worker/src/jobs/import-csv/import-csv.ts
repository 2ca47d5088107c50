import type { NoticePublisher } from '@meldesync/bus';
import {
  beginImport,
  commitImportBatch,
  type Database,
  endImport,
  readImportBytes,
  setImportTotal,
} from '@meldesync/db';
import { CsvFileError, type CsvRecordRow, findContradictions, readMeldebestaetigungCsv } from '@meldesync/domain/csv';
import type { Logger } from '@meldesync/telemetry';
import { checkRow } from './check-row.ts';
import { createProgressReporter } from './progress-reporter.ts';
import { toBatch } from './to-batch.ts';

export interface ImportCsvContext {
  readonly database: Database;
  readonly notices: NoticePublisher;
  readonly logger: Logger;
  /** Ends the work after the batch under way. */
  readonly signal: AbortSignal;
}

/** Rows written in one transaction: large enough to be quick, small enough that an edit never waits long for a row. */
const BATCH_ROWS = 500;

/**
 * Works a file through (R3.1): reads it once to count its rows and find contradictions, and once more to write it, batch
 * by batch. Cut off anywhere and begun again, it goes on behind the last batch that was committed. A file that cannot be
 * read at all ends as failed, with nothing written; any other error is thrown, for `attemptImport` to judge. Resolves with
 * `stopped` when the signal came first and the rest is left to somebody else.
 */
export async function importCsv(context: ImportCsvContext, importId: string): Promise<'ended' | 'stopped'> {
  const { database, logger } = context;
  const job = await beginImport(database, importId);
  if (!job) return 'ended';
  const report = createProgressReporter(context.notices, (error) =>
    logger.warn({ err: error, import: importId }, 'could not report progress'),
  );
  const read = () => readMeldebestaetigungCsv(readImportBytes(database, importId), { batchRows: BATCH_ROWS });
  try {
    let total = 0;
    const contradictions = await findContradictions(
      readable(read(), (count) => {
        total += count;
      }),
    );
    await setImportTotal(database, importId, total);
    let committedLine = job.committedLine;
    for await (const rows of read()) {
      if (context.signal.aborted) return 'stopped';
      const fresh = rows.filter((row) => row.line > committedLine);
      if (fresh.length === 0) continue;
      const batch = toBatch(fresh.map((row) => checkRow(row, contradictions)));
      const summary = await commitImportBatch(database, job, committedLine, batch);
      if (!summary) {
        logger.info({ import: importId }, 'another worker goes on with this import');
        return 'ended';
      }
      committedLine = batch.lastLine;
      report(job.workspaceId, summary);
    }
    const ended = await endImport(database, importId, null);
    if (ended) report(job.workspaceId, ended);
    logger.info({ import: importId, rows: ended?.rows }, 'import finished');
  } catch (error) {
    if (!(error instanceof CsvFileError)) throw error;
    const ended = await endImport(database, importId, { code: error.code, params: { ...error.params } });
    if (ended) report(job.workspaceId, ended);
    logger.info({ import: importId, code: error.code }, 'import refused');
  }
  return 'ended';
}

/** The rows that could be read, one by one; all rows are counted. */
async function* readable(
  batches: ReturnType<typeof readMeldebestaetigungCsv>,
  count: (rows: number) => void,
): AsyncGenerator<CsvRecordRow> {
  for await (const rows of batches) {
    count(rows.length);
    for (const row of rows) if (row.kind === 'row') yield row;
  }
}
