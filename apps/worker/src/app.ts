import { createNoticePublisher } from '@meldesync/bus';
import { connectDatabase, keepConnected, PostgresSilentError } from '@meldesync/db';
import { AWAKE_TIMERS, listenAs, ResourceStack, VERSION, withTimeout } from '@meldesync/lifecycle';
import { joinOperations } from '@meldesync/operations';
import {
  createProcessLogger,
  logBrokenConnections,
  measureLevel,
  NO_TRACING,
  polled,
  type Readiness,
  serveAdmin,
  startMeasuring,
  type Tracing,
} from '@meldesync/telemetry';
import type { WorkerConfig } from './config.ts';
import { createProgressReporter } from './jobs/import-csv/progress-reporter.ts';
import { type QueueState, startImportWorker } from './jobs/import-worker.ts';
import { startRetention } from './jobs/retention/start-retention.ts';
import { startSealing } from './jobs/seal/start-sealing.ts';
import { startSweep } from './jobs/sweep/start-sweep.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

export { readConfig, type WorkerConfig } from './config.ts';

/** A running worker. */
export interface WorkerApp extends AsyncDisposable {
  readonly adminPort: number;
}

/** An import whose record somebody else has locked leaves its turn to others instead of waiting. */
const DATABASE_LIMITS = { lockMs: 2_000, statementMs: 60_000 };

/** How long Redis may take to answer whether it is there. */
const REDIS_LIMIT_MS = 2_000;

/**
 * Starts a worker; disposing it lets the files under way end their batch and goes on with them elsewhere. Long because it names, once,
 * what each part is given.
 */
export async function startWorker(
  config: WorkerConfig,
  logger = createProcessLogger(config),
  tracing: Tracing = NO_TRACING,
): Promise<WorkerApp> {
  const broke = logBrokenConnections(logger);
  await using cleanup = new ResourceStack();
  const { meter, onUnreadable, pool } = await startMeasuring({
    kind: 'worker',
    name: config.name,
    version: VERSION,
    logger,
    tracing,
  });
  cleanup.use(meter);
  const metrics = createWorkerMetrics(meter);
  const database = cleanup.use(
    connectDatabase({
      url: config.databaseUrl,
      // Beside the batches, files are begun and ended, and looked for.
      maxConnections: config.importConcurrency + 4,
      applicationName: `meldesync-${config.name}`,
      limits: DATABASE_LIMITS,
      onConnectionError: broke('Postgres', 'imports'),
      onWaited: pool.onWaited,
    }),
  );
  pool.observe(() => database.poolState());
  const watch = cleanup.use(
    keepConnected({
      url: config.databaseUrl,
      applicationName: `meldesync-${config.name}-watch`,
      onLost: (error) => {
        broke('Postgres', 'watch')(error);
        if (error instanceof PostgresSilentError) database.breakOff();
      },
    }),
  );
  const notices = cleanup.use(
    createNoticePublisher({
      url: config.redisUrl,
      prefix: config.redisPrefix,
      onConnectionError: broke('Redis', 'notices'),
    }),
  );
  const progress = cleanup.use(
    createProgressReporter({
      publish: (workspaceId, message) => notices.publish(workspaceId, message),
      onError: (error) => logger.event('progress-not-told', { err: error }),
    }),
  );
  const imports = cleanup.use(
    startImportWorker({
      database,
      progress,
      logger,
      tracing,
      limits: config.importLimits,
      redisUrl: config.redisUrl,
      prefix: config.redisPrefix,
      concurrency: config.importConcurrency,
      onConnectionError: broke('Redis', 'import queue'),
      onUnreadable,
      metrics: metrics.imports,
    }),
  );
  const depth = polled(
    () => imports.depth(),
    (error) => logger.debug({ err: error }, 'could not ask how many imports wait'),
  );
  meter.observe('meldesync.queue.depth', async (observe) => {
    for (const [state, jobs] of Object.entries((await depth()) ?? {})) observe(jobs, { state: state as QueueState });
  });
  cleanup.use(
    startSweep({
      databaseUrl: config.databaseUrl,
      applicationName: `meldesync-${config.name}-sweep`,
      intervalMs: config.sweepIntervalMs,
      metrics: metrics.sweep,
      logger,
      onConnectionError: broke('Postgres', 'sweep'),
    }),
  );
  cleanup.use(
    startRetention({
      ...config.retention,
      databaseUrl: config.databaseUrl,
      applicationName: `meldesync-${config.name}-retention`,
      redis: { url: config.redisUrl, prefix: config.redisPrefix, onConnectionError: broke('Redis', 'streams') },
      metrics: metrics.retention,
      logger,
      onConnectionError: broke('Postgres', 'retention'),
    }),
  );
  cleanup.use(
    startSealing({
      databaseUrl: config.databaseUrl,
      applicationName: `meldesync-${config.name}-seal`,
      intervalMs: config.sealIntervalMs,
      checkpoints: config.checkpoints,
      metrics: metrics.seal,
      logger,
      onConnectionError: broke('Postgres', 'seal'),
    }),
  );
  const ready = async () => {
    const redisAnswers = await answersInTime(notices.ping());
    const { isTaking: takesImports, rests } = imports;
    return workerReadiness({ postgresAnswers: watch.answers, redisAnswers, takesImports, rests });
  };
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT', host: 'ADMIN_HOST' }, () =>
      serveAdmin({ port: config.adminPort, host: config.adminHost }, { meter, logger, ready }),
    ),
  );
  const toldLevel = measureLevel(meter);
  cleanup.use(
    joinOperations({
      ...config,
      kind: 'worker',
      ready,
      facts: () => ({ pool: database.poolState() }),
      onLevel: (level) => {
        toldLevel(level);
        imports.workAt(level);
      },
      logger,
      onConnectionError: broke('Redis', 'operations'),
      onUnreadable,
    }),
  );
  logger.event('worker-up', { version: VERSION, adminPort: admin.port });
  const owned = cleanup.move();
  return { adminPort: admin.port, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

/** A worker needs both: the imports are in Postgres, and Redis tells it whose turn it is. And it must ask whose. */
function workerReadiness(state: {
  postgresAnswers: boolean;
  redisAnswers: boolean;
  takesImports: boolean;
  rests: boolean;
}): Readiness {
  const missing = [
    ...(state.postgresAnswers ? [] : ['Postgres does not answer']),
    ...(state.redisAnswers ? [] : ['Redis does not answer']),
    // While Redis is away that is why.
    ...(state.takesImports || !state.redisAnswers ? [] : ['no imports are taken']),
  ];
  return { usable: missing.length === 0, live: missing.length === 0, missing, rests: state.rests };
}

function answersInTime(answer: Promise<void>): Promise<boolean> {
  const answers = answer.then(
    () => true,
    () => false,
  );
  return withTimeout(answers, REDIS_LIMIT_MS, () => false, AWAKE_TIMERS);
}
