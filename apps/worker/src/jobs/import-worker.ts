import { type Database, listUnfinishedImports } from '@meldesync/db';
import { Queue, Worker } from 'bullmq';
import { type ImportCsvContext, importCsv } from './import-csv/import-csv.ts';

const IMPORT_QUEUE = 'imports';
const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
} as const;

/** How often imports without a job are looked for, and how old one must be to count as forgotten. */
const SWEEP_INTERVAL_MS = 5_000;
const FORGOTTEN_AFTER_MS = 5_000;

export interface ImportWorkerOptions extends ImportCsvContext {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
}

/**
 * Works imports through as they are queued. The queue is in Redis and may be lost; the imports are in Postgres, so those
 * that have no job are queued again.
 */
export function startImportWorker(options: ImportWorkerOptions): AsyncDisposable {
  const connection = { url: options.redisUrl, maxRetriesPerRequest: null };
  const prefix = `${options.prefix}:jobs`;
  const queue = new Queue<{ importId: string }>(IMPORT_QUEUE, { connection, prefix });
  const worker = new Worker<{ importId: string }>(IMPORT_QUEUE, (job) => importCsv(options, job.data.importId), {
    connection,
    prefix,
    concurrency: options.concurrency,
  });
  queue.on('error', options.onError);
  worker.on('error', options.onError);
  worker.on('failed', (job, error) =>
    options.logger.error(
      { err: error, import: job?.data.importId, attempt: job?.attemptsMade },
      'import attempt failed',
    ),
  );
  const sweep = () => {
    queueForgotten(options.database, queue).catch((error: unknown) =>
      options.logger.error({ err: error }, 'could not look for forgotten imports'),
    );
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await worker.close();
      await queue.close();
    },
  };
}

async function queueForgotten(database: Database, queue: Queue<{ importId: string }>): Promise<void> {
  for (const importId of await listUnfinishedImports(database.drizzle, FORGOTTEN_AFTER_MS)) {
    // One that has a job already is left as it is: the job's id is the import's.
    await queue.add('import', { importId }, { ...JOB_OPTIONS, jobId: importId });
  }
}
