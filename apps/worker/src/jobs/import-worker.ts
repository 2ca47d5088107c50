import { type Database, listUnfinishedImports } from '@meldesync/db';
import { IMPORT_QUEUE, type ImportJobData, importJob, importJobOptions, queuePrefix } from '@meldesync/jobs';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import { attemptImport, ImportAttemptError } from './import-csv/attempt-import.ts';
import type { ImportCsvContext } from './import-csv/import-csv.ts';

/** How often imports without a job are looked for, and how old one must be to count as forgotten. */
const SWEEP_INTERVAL_MS = 5_000;
const FORGOTTEN_AFTER_MS = 5_000;

/** How long Redis may take to hear that this worker ends. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface ImportWorkerOptions extends Omit<ImportCsvContext, 'signal'> {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
}

/**
 * Works imports through as they are queued. The queue is in Redis and may be lost; the imports are in Postgres, so those
 * that have no job are queued again. Disposed of, it ends after the batches under way and leaves the rest of their files
 * to other workers.
 */
export function startImportWorker(options: ImportWorkerOptions): AsyncDisposable {
  const connection = { url: options.redisUrl, maxRetriesPerRequest: null };
  const prefix = queuePrefix(options.prefix);
  const queue = new Queue<ImportJobData>(IMPORT_QUEUE, { connection, prefix });
  const stopping = new AbortController();
  const work = async (job: Job<ImportJobData>, token?: string) => {
    const outcome = await attemptImport({ ...options, signal: stopping.signal }, importJob.parse(job.data).importId);
    if (outcome === 'ended') return;
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker<ImportJobData>(IMPORT_QUEUE, work, {
    connection,
    prefix,
    concurrency: options.concurrency,
  });
  queue.on('error', options.onError);
  worker.on('error', options.onError);
  worker.on('failed', (job, error) => {
    // Why an attempt failed has been logged where it was known; the rest is the queue's own, such as a lost lock.
    if (error instanceof ImportAttemptError) return;
    options.logger.error({ err: error, import: job?.data.importId }, 'import job failed');
  });
  const sweep = () => {
    queueForgotten(options.database, queue).catch((error: unknown) =>
      options.logger.error({ err: error }, 'could not look for forgotten imports'),
    );
  };
  sweep();
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(sweeping);
      stopping.abort();
      const closed = worker.close().then(() => queue.close());
      let deadline: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        deadline = setTimeout(resolve, CLOSE_TIMEOUT_MS, 'late');
      });
      const outcome = await Promise.race([closed, late]);
      clearTimeout(deadline);
      if (outcome !== 'late') return;
      // Redis is away. Nobody waits for its answer: what it would have been told is in Postgres.
      for (const client of [queue.backend.client, worker.backend.client, worker.backend.blockingClient]) {
        client?.then((open) => open.disconnect()).catch(options.onError);
      }
    },
  };
}

async function queueForgotten(database: Database, queue: Queue<ImportJobData>): Promise<void> {
  for (const importId of await listUnfinishedImports(database.drizzle, FORGOTTEN_AFTER_MS)) {
    // One that has a job already is left as it is: the job's id is the import's.
    await queue.add('import', { importId }, importJobOptions({ importId }));
  }
}
