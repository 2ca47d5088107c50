import { createNoticePublisher } from '@meldesync/bus';
import { connectDatabase, pingDatabase } from '@meldesync/db';
import { listenAs, ResourceStack, VERSION } from '@meldesync/lifecycle';
import { createProcessLogger, logBrokenConnections, serveAdmin } from '@meldesync/telemetry';
import type { WorkerConfig } from './config.ts';
import { createProgressReporter } from './jobs/import-csv/progress-reporter.ts';
import { startImportWorker } from './jobs/import-worker.ts';
import { startSweep } from './jobs/sweep/start-sweep.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

export { readConfig, type WorkerConfig } from './config.ts';

/** A running worker. */
export interface WorkerApp extends AsyncDisposable {
  readonly adminPort: number;
}

/** An import whose record somebody else has locked leaves its turn to others instead of waiting. */
const DATABASE_LIMITS = { lockMs: 2_000, statementMs: 60_000 };

/** Starts a worker; disposing it lets the files under way end their batch and goes on with them elsewhere. */
export async function startWorker(config: WorkerConfig): Promise<WorkerApp> {
  const logger = createProcessLogger(config);
  const broke = logBrokenConnections(logger);
  const metrics = createWorkerMetrics(config.name);
  await using cleanup = new ResourceStack();
  const database = cleanup.use(
    connectDatabase({
      url: config.databaseUrl,
      // Beside the batches, files are begun and ended, and looked for.
      maxConnections: config.importConcurrency + 4,
      applicationName: `meldesync-${config.name}`,
      limits: DATABASE_LIMITS,
      onConnectionError: broke('Postgres', 'imports'),
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
      onError: (error) => logger.warn({ err: error }, 'could not report progress'),
    }),
  );
  cleanup.use(
    startImportWorker({
      database,
      progress,
      logger,
      limits: config.importLimits,
      redisUrl: config.redisUrl,
      prefix: config.redisPrefix,
      concurrency: config.importConcurrency,
      onError: broke('Redis', 'import queue'),
    }),
  );
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
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT' }, () =>
      serveAdmin(config.adminPort, {
        registry: metrics.registry,
        ready: () => pingDatabase(database.drizzle),
      }),
    ),
  );
  logger.info({ version: VERSION, adminPort: admin.port }, 'worker is up');
  const owned = cleanup.move();
  return { adminPort: admin.port, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}
