import { connectRedis } from '@meldesync/bus';
import { type Database, findNextImport, listWaitingWorkspaces } from '@meldesync/db';
import { IMPORT_QUEUE, type ImportJobData, importJob, importJobOptions, queuePrefix } from '@meldesync/jobs';
import { type OperationsLevel, type ReportUnreadable, readValue } from '@meldesync/protocol';
import { type Job, Queue, WaitingError } from 'bullmq';
import { FairTurns } from './fair-turns.ts';
import { attemptImport, ImportAttemptError } from './import-csv/attempt-import.ts';
import type { ImportCsvContext } from './import-csv/import-csv.ts';
import { importPace } from './import-pace.ts';
import { type SteadyWorker, startSteadyWorker } from './steady-worker.ts';

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

/** How long Redis may take to hear of a workspace that has files. */
const COMMAND_TIMEOUT_MS = 5_000;

/**
 * Files that are open at the same time, each of another workspace: they take turns, and one that is open takes little memory.
 * Far more than work at once, so that a workspace seldom waits for the end of another's file.
 */
const OPEN_FILES = 16;

const QUEUE_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

export interface ImportWorker extends SteadyWorker {
  /** How many jobs are in the queue, of all workers together; rejects where Redis does not answer. */
  depth(): Promise<Record<QueueState, number>>;
}

export interface ImportWorkerOptions extends Omit<ImportCsvContext, 'signal' | 'turns'> {
  readonly redisUrl: string;
  readonly prefix: string;
  /** Batches that are worked through at the same time. */
  readonly concurrency: number;
  readonly onConnectionError: (error: Error) => void;
  /** A job is none that we have queued, and is passed over. */
  readonly onUnreadable: ReportUnreadable;
}

/** Works imports through, at the pace of the level (R5.4). */
export interface ImportWorker extends SteadyWorker {
  workAt(level: OperationsLevel['name']): void;
  /** Whether nothing is worked through at the level. */
  readonly rests: boolean;
}

/**
 * Works imports through: of each workspace one file at a time, the oldest first, and of the open files a batch each in turn. The
 * queue is in Redis and may be lost; the imports are in Postgres, so workspaces that have no job are queued again. Disposed of,
 * it ends after the batches under way and leaves the rest of their files to other workers. Long because its parts share the queue;
 * none of them is.
 */
export function startImportWorker(options: ImportWorkerOptions): ImportWorker {
  const { database, logger, redisUrl, onConnectionError } = options;
  const prefix = queuePrefix(options.prefix);
  const connection = connectRedis({ url: redisUrl, commandTimeoutMs: COMMAND_TIMEOUT_MS, onConnectionError });
  const queue = new Queue<ImportJobData>(IMPORT_QUEUE, {
    connection: connection.redis,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    prefix,
  });
  // These are the connection's, which has told of them.
  queue.on('error', () => undefined);
  const stopping = new AbortController();
  const turns = new FairTurns(options.concurrency);
  let rests = false;
  const work = async (job: Job<ImportJobData>, token: string | undefined, signal: AbortSignal) => {
    const reading = readValue(importJob, job.data);
    if ('unreadable' in reading) {
      options.onUnreadable({ place: 'import-job', reason: reading.unreadable });
      return;
    }
    const importId = await findNextImport(database.drizzle, reading.value.workspaceId);
    if (importId === undefined) return;
    const outcome = await attemptImport({ ...options, turns, signal }, importId);
    if (outcome === 'ended') return;
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const enqueue = async (workspaceId: string) => {
    // One that waits already keeps its place: the job's id is the workspace's.
    await queue.add('import', { workspaceId }, importJobOptions({ workspaceId }));
  };
  /** A file that came while the job was at its end found the job still there: only now can another be queued. */
  const enqueueNext = async (workspaceId: string) => {
    if (stopping.signal.aborted) return;
    if ((await findNextImport(database.drizzle, workspaceId)) !== undefined) await enqueue(workspaceId);
  };
  const worker = startSteadyWorker<ImportJobData>({
    queue: IMPORT_QUEUE,
    redisUrl,
    prefix,
    work,
    settings: { concurrency: OPEN_FILES, ...ABANDONED_JOBS },
    onCompleted: ({ data }) => {
      const reading = readValue(importJob, data);
      if ('unreadable' in reading) return;
      const { workspaceId } = reading.value;
      enqueueNext(workspaceId).catch((error: unknown) =>
        logger.event('next-import-not-queued', { err: error, workspace: workspaceId }),
      );
    },
    onFailed: (job, error) => {
      // Why an attempt failed has been logged where it was known; the rest is the queue's own, such as a lost lock.
      if (error instanceof ImportAttemptError) return;
      logger.event('import-job-failed', { err: error, workspace: job?.data?.workspaceId });
    },
    onConnectionError,
    onError: (error) => logger.event('import-queue-trouble', { err: error }),
  });
  const sweep = () => {
    enqueueForgotten(database, enqueue).catch((error: unknown) => logger.event('forgotten-unasked', { err: error }));
  };
  sweep();
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS);
  return {
    get isTaking() {
      return worker.isTaking;
    },
    depth: async () => {
      const counts = await queue.getJobCounts(...QUEUE_STATES);
      const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
      return { waiting, active, delayed, failed };
    },
    workAt: (level) => {
      const pace = importPace(level, options.concurrency);
      rests = pace.atOnce === 0;
      if (!stopping.signal.aborted) turns.setPace(pace);
    },
    get rests() {
      return rests;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(sweeping);
      stopping.abort();
      // Who waits for a turn leaves its file to others then, which it cannot where nobody gets one.
      turns.setPace({ atOnce: options.concurrency, pauseMs: 0 });
      await worker[Symbol.asyncDispose]();
      await queue.close();
      connection[Symbol.dispose]();
    },
  };
}

async function enqueueForgotten(database: Database, enqueue: (workspaceId: string) => Promise<void>): Promise<void> {
  for (const workspaceId of await listWaitingWorkspaces(database.drizzle, FORGOTTEN_AFTER_MS))
    await enqueue(workspaceId);
}
