import { AWAKE_TIMERS, withTimeout } from '@meldesync/lifecycle';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import { type JobSource, openJobSource, WAIT_S } from './job-source.ts';

/** A worker of a queue that is replaced when it no longer asks for jobs. */
export interface SteadyWorker extends AsyncDisposable {
  /** It asks Redis for jobs and is answered, or has as many as it takes at a time. */
  readonly isTaking: boolean;
}

/** What a job is worked through by. Aborted, it stops where it can, and leaves the rest to whoever takes the job next. */
type Work<Data> = (job: Job<Data>, token: string | undefined, signal: AbortSignal) => Promise<void>;

export interface SteadyWorkerOptions<Data> {
  readonly queue: string;
  readonly redisUrl: string;
  /** Under which name BullMQ keeps everything in Redis. */
  readonly prefix: string;
  readonly work: Work<Data>;
  readonly settings: Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'maxStalledCount'> & {
    readonly concurrency: number;
  };
  readonly onCompleted: (job: Job<Data>) => void;
  readonly onFailed: (job: Job<Data> | undefined, error: Error) => void;
  readonly onConnectionError: (error: Error) => void;
  /** Of BullMQ itself, such as a lock that could not be renewed; and that a worker was replaced. */
  readonly onError: (error: Error) => void;
}

/** The worker did not ask for a job, though nothing hinders it. */
export class WorkerStuckError extends Error {
  constructor() {
    super(`the queue's worker asked for no job within ${TAKE_LIMIT_MS} ms and is replaced`);
    this.name = 'WorkerStuckError';
  }
}

/** After a failed question BullMQ rests for so long. */
const RETRY_MS = 1_000;
/** An idle worker asks every `WAIT_S`. */
const TAKE_LIMIT_MS = 10_000;
/** How long Redis may take to hear that a worker ends. */
const CLOSE_TIMEOUT_MS = 2_000;

/** BullMQ's worker from its making until it is replaced. */
interface Life<Data> {
  readonly worker: Worker<Data>;
  readonly source: JobSource;
  readonly stopping: AbortController;
  /** Jobs under way. */
  readonly open: Set<Job<Data>>;
}

/**
 * Starts one. BullMQ's loop waits in places that have no end of their own; so whether it turns is seen by what it asks of Redis.
 * Where it does not while Redis can be reached, all of it is thrown away and begun anew. What it was working on is stopped, and taken
 * again by somebody once its locks have run out, as after a process that was killed.
 */
export function startSteadyWorker<Data>(options: SteadyWorkerOptions<Data>): SteadyWorker {
  let isTaking = false;
  let isOver = false;
  let patience: { cancel(): void } | undefined;
  /** The end of those that were replaced. */
  let ended = Promise.resolve();

  const waitOn = (): void => {
    patience?.cancel();
    if (!isOver) patience = AWAKE_TIMERS.after(TAKE_LIMIT_MS, onLate);
  };
  const onLate = (): void => {
    // With all places taken it has nothing to ask.
    if (life.open.size < options.settings.concurrency) {
      isTaking = false;
      if (life.source.state() !== 'coming-back') replace();
    }
    waitOn();
  };
  const begin = (): Life<Data> => {
    const begun = beginLife(options, {
      onAnswer: () => {
        if (begun !== life) return;
        isTaking = true;
        waitOn();
      },
      onJobEnd: () => {
        if (begun === life) waitOn();
      },
    });
    return begun;
  };
  const replace = (): void => {
    options.onError(new WorkerStuckError());
    const ending = endLife(life, true, options.onError);
    ended = ended.then(() => ending);
    life = begin();
  };

  let life = begin();
  waitOn();
  return {
    get isTaking() {
      return isTaking;
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      patience?.cancel();
      await endLife(life, false, options.onError);
      await ended;
    },
  };
}

interface LifeSigns {
  /** Redis answered the question for the next job. */
  readonly onAnswer: () => void;
  readonly onJobEnd: () => void;
}

function beginLife<Data>(options: SteadyWorkerOptions<Data>, signs: LifeSigns): Life<Data> {
  const { redisUrl, prefix } = options;
  const stopping = new AbortController();
  const open = new Set<Job<Data>>();
  /** Connections say themselves what happens to them, and BullMQ says it again. */
  const told = new WeakSet<Error>();
  const source = openJobSource({
    redisUrl,
    prefix,
    onAnswer: signs.onAnswer,
    onConnectionError: (error) => {
      told.add(error);
      options.onConnectionError(error);
    },
  });
  const work = async (job: Job<Data>, token?: string): Promise<void> => {
    open.add(job);
    try {
      await options.work(job, token, stopping.signal);
    } finally {
      open.delete(job);
      signs.onJobEnd();
    }
  };
  const worker = new Worker<Data>(
    options.queue,
    work,
    { ...options.settings, prefix, connection: source.connection, drainDelay: WAIT_S, runRetryDelay: RETRY_MS },
    source.backendFactory,
  );
  worker.on('completed', options.onCompleted);
  worker.on('failed', options.onFailed);
  worker.on('error', (error) => {
    if (!told.has(error)) options.onError(error);
  });
  return { worker, source, stopping, open };
}

/** Ends within `CLOSE_TIMEOUT_MS`; `force`: without waiting for the jobs under way. */
async function endLife<Data>(
  { worker, source, stopping }: Life<Data>,
  force: boolean,
  onError: (error: Error) => void,
): Promise<void> {
  stopping.abort();
  try {
    // Where Redis is away nobody waits for its answer.
    await withTimeout(worker.close(force), CLOSE_TIMEOUT_MS, () => undefined);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
  source[Symbol.dispose]();
}
