import { type Database, findNextImport, listWaitingWorkspaces } from '@meldesync/db';
import {
  IMPORT_QUEUE,
  type ImportJobData,
  importJob,
  importJobOptions,
  QUESTION_KEY,
  queuePrefix,
} from '@meldesync/jobs';
import { watchRedis, withTimeout } from '@meldesync/lifecycle';
import { type ReportUnreadable, readValue } from '@meldesync/protocol';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import { FairTurns } from './fair-turns.ts';
import { attemptImport, ImportAttemptError } from './import-csv/attempt-import.ts';
import type { ImportCsvContext } from './import-csv/import-csv.ts';

/** How often workspaces with files and without a job are looked for, and how old a file must be to count as forgotten. */
const SWEEP_INTERVAL_MS = 5_000;
const FORGOTTEN_AFTER_MS = 5_000;

/**
 * What a worker that was killed leaves is gone on with within 9 s: its lock runs out after at most `lockDuration`, the next look
 * notes the job as one that nobody holds, and the one after that gives it to somebody. A worker that was only slow to renew its
 * lock loses the job in the same way; of two that work on one import only one commits a batch (`commitImportBatch`). However
 * often that happens is no reason to give a file up: failed attempts are counted in Postgres.
 */
const ABANDONED_JOBS = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: Number.MAX_SAFE_INTEGER };

/** How long Redis may take to answer the queue. The worker's own connections have no such limit: one of them waits for jobs. */
const COMMAND_TIMEOUT_MS = 5_000;
/** How long Redis may take to hear that this worker ends. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Files that are open at the same time, each of another workspace: they take turns, and one that is open takes little memory.
 * Far more than work at once, so that a workspace seldom waits for the end of another's file.
 */
const OPEN_FILES = 16;

export interface ImportWorkerOptions extends Omit<ImportCsvContext, 'signal' | 'turns'> {
  readonly redisUrl: string;
  readonly prefix: string;
  /** Batches that are worked through at the same time. */
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
  /** A job is none that we have queued, and is passed over. */
  readonly onUnreadable: ReportUnreadable;
}

/**
 * Works imports through: of each workspace one file at a time, the oldest first, and of the open files a batch each in turn. The
 * queue is in Redis and may be lost; the imports are in Postgres, so workspaces that have no job are queued again. Disposed of,
 * it ends after the batches under way and leaves the rest of their files to other workers.
 */
export function startImportWorker(options: ImportWorkerOptions): AsyncDisposable {
  const { database, logger } = options;
  const connection = { url: options.redisUrl, maxRetriesPerRequest: null };
  const prefix = queuePrefix(options.prefix);
  const queue = new Queue<ImportJobData>(IMPORT_QUEUE, {
    connection: { ...connection, commandTimeout: COMMAND_TIMEOUT_MS },
    prefix,
  });
  const stopping = new AbortController();
  const turns = new FairTurns(options.concurrency);
  const work = async (job: Job<ImportJobData>, token?: string) => {
    const reading = readValue(importJob, job.data);
    if ('unreadable' in reading) {
      options.onUnreadable({ place: 'import-job', reason: reading.unreadable });
      return;
    }
    const importId = await findNextImport(database.drizzle, reading.value.workspaceId);
    if (importId === undefined) return;
    const outcome = await attemptImport({ ...options, turns, signal: stopping.signal }, importId);
    if (outcome === 'ended') return;
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker<ImportJobData>(IMPORT_QUEUE, work, {
    connection,
    prefix,
    concurrency: OPEN_FILES,
    ...ABANDONED_JOBS,
  });
  const enqueue = async (workspaceId: string) => {
    // One that waits already keeps its place: the job's id is the workspace's.
    await queue.add('import', { workspaceId }, importJobOptions({ workspaceId }));
  };
  /** A file that came while the job was at its end found the job still there: only now can another be queued. */
  const enqueueNext = async (workspaceId: string) => {
    if (stopping.signal.aborted) return;
    if ((await findNextImport(database.drizzle, workspaceId)) !== undefined) await enqueue(workspaceId);
  };
  worker.on('completed', ({ data }) => {
    const reading = readValue(importJob, data);
    if ('unreadable' in reading) return;
    const { workspaceId } = reading.value;
    enqueueNext(workspaceId).catch((error: unknown) =>
      logger.warn({ err: error, workspace: workspaceId }, 'could not queue the next file of a workspace'),
    );
  });
  const watches = [queue.backend.client, worker.backend.client].map((client) =>
    client.then(
      (open) => watchRedis(open, () => open.get(QUESTION_KEY), options.onError),
      () => undefined,
    ),
  );
  queue.on('error', options.onError);
  worker.on('error', options.onError);
  worker.on('failed', (job, error) => {
    // Why an attempt failed has been logged where it was known; the rest is the queue's own, such as a lost lock.
    if (error instanceof ImportAttemptError) return;
    logger.error({ err: error, workspace: job?.data?.workspaceId }, 'import job failed');
  });
  const sweep = () => {
    enqueueForgotten(database, enqueue).catch((error: unknown) =>
      logger.error({ err: error }, 'could not look for forgotten imports'),
    );
  };
  sweep();
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(sweeping);
      for (const watch of watches) watch.then((running) => running?.[Symbol.dispose](), options.onError);
      stopping.abort();
      const closed = worker.close().then(() => queue.close());
      const outcome = await withTimeout(closed, CLOSE_TIMEOUT_MS, () => 'late' as const);
      if (outcome !== 'late') return;
      // Redis is away. Nobody waits for its answer: what it would have been told is in Postgres.
      for (const client of [queue.backend.client, worker.backend.client, worker.backend.blockingClient]) {
        client?.then((open) => open.disconnect()).catch(options.onError);
      }
    },
  };
}

async function enqueueForgotten(database: Database, enqueue: (workspaceId: string) => Promise<void>): Promise<void> {
  for (const workspaceId of await listWaitingWorkspaces(database.drizzle, FORGOTTEN_AFTER_MS))
    await enqueue(workspaceId);
}
