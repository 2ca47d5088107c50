import { createFeedReader, createNoticePublisher, createPresenceBoard, feedKeys } from '@meldesync/bus';
import { connectDatabase, listenForAccessChanges, PostgresSilentError, pingDatabase } from '@meldesync/db';
import { listenAs, ResourceStack, VERSION } from '@meldesync/lifecycle';
import { connectLocks } from '@meldesync/locks';
import { Activity, joinOperations } from '@meldesync/operations';
import { type ReportUnreadable, type ServiceLevel, TIERS_MS } from '@meldesync/protocol';
import {
  createProcessLogger,
  createUnreadableReport,
  type Logger,
  logBrokenConnections,
  measureLevel,
  serveAdmin,
} from '@meldesync/telemetry';
import { createSignIn } from './auth/sign-in.ts';
import type { NodeConfig } from './config.ts';
import type { Connections } from './core/connections.ts';
import { NodeCore } from './core/node-core.ts';
import { compressPage } from './http/compress-page.ts';
import { createHttp } from './http/http.ts';
import { nodeDatabase } from './node-database.ts';
import { createNodeMetrics, measureFreshness, measureTiers, nodeObserver } from './node-metrics.ts';
import { ClusterOperations } from './operations/cluster-operations.ts';
import { createImportQueue } from './queue/import-queue.ts';
import { createReadiness } from './readiness.ts';
import { systemRuntime } from './runtime.ts';
import { startServer } from './socket/server.ts';
import { createSocketApp } from './socket/socket-app.ts';

export { createAuth } from './auth/auth.ts';
export { PasswordChecks } from './auth/password-checks.ts';
export { type NodeConfig, readConfig } from './config.ts';

/** A running sync node. */
export interface SyncNode extends AsyncDisposable {
  readonly port: number;
  readonly adminPort: number;
}

/** A request waits no longer for what another program has locked: it would keep a connection that others need. */
const DATABASE_LIMITS = { lockMs: 2_000, statementMs: 30_000 };

/** Starts a sync node; it serves until disposed. Throws `CannotListen` where a port cannot be had. */
export async function startSyncNode(config: NodeConfig): Promise<SyncNode> {
  const logger = createProcessLogger(config);
  const metrics = createNodeMetrics(config.name);
  const onUnreadable = createUnreadableReport({ logger, registry: metrics.registry });
  const socketApp = createSocketApp();
  await using cleanup = new ResourceStack();
  const { database, importQueue, notices, lockService, board, redis } = connectServices(
    config,
    cleanup,
    logger,
    onUnreadable,
  );
  const activity = new Activity();
  let level: ServiceLevel = 'normal';
  const core = cleanup.use(
    new NodeCore({
      name: config.name,
      runtime: systemRuntime,
      logger,
      database: nodeDatabase(database, onUnreadable),
      topics: socketApp.topics,
      openReader: (listener) => createFeedReader({ ...redis('feed'), ...listener }),
      lockService,
      board,
      level: () => level,
      encode: compressPage,
      observer: nodeObserver(metrics, activity, onUnreadable),
    }),
  );
  measureFreshness(metrics, () => core.freshness.ageMs);
  measureTiers(metrics, (tierMs) => core.connections.countTier(tierMs));
  const signIn = createSignIn(config, database, logger);
  cleanup.use(
    listenForAccessChanges({
      url: config.databaseUrl,
      onChange: (userId) => {
        signIn.identities.forgetAll();
        core.accessChanged(userId);
      },
      onError: (error) => {
        logBrokenConnections(logger)('Postgres', 'access changes')(error);
        // The connections of requests hear no more of it than this one.
        if (error instanceof PostgresSilentError) database.breakOff();
      },
    }),
  );
  const ready = createReadiness({
    database: () => pingDatabase(database.drizzle),
    freshness: core.freshness,
    runtime: systemRuntime,
  });
  const measuredLevel = measureLevel(metrics.registry);
  const member = cleanup.use(
    joinOperations({
      ...config,
      kind: 'node',
      limits: config.degradation,
      ready,
      activity,
      facts: () => ({ pool: database.pool(), connections: connectionsByTier(core.connections) }),
      onLevel: (now) => {
        level = now;
        measuredLevel(now);
      },
      logger,
      onConnectionError: logBrokenConnections(logger)('Redis', 'operations'),
      onUnreadable,
    }),
  );
  const operations = new ClusterOperations({
    member,
    importQueue,
    locks: core.locks,
    memberships: (userId) => core.answers.memberships(userId),
  });
  const served = { config, database, core, signIn, importQueue, operations, notices, ready, logger, onUnreadable };
  const server = cleanup.use(
    await startServer({
      ...(await createHttp(served)),
      ...signIn,
      socketApp,
      reception: core.reception,
      host: config.host,
      port: config.port,
      onAnswered: (status) => metrics.requests.inc({ status: String(status) }),
      runtime: systemRuntime,
      logger,
    }),
  );
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT' }, () => serveAdmin(config.adminPort, { registry: metrics.registry, ready })),
  );
  logger.info({ version: VERSION, port: server.port, adminPort: admin.port }, 'sync node is up');
  const owned = cleanup.move();
  return {
    port: server.port,
    adminPort: admin.port,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function connectionsByTier(connections: Connections): { tier: number; count: number }[] {
  return TIERS_MS.map((tier) => ({ tier, count: connections.countTier(tier) }));
}

/** Connects to Postgres and Redis; `cleanup` owns the connections. */
function connectServices(config: NodeConfig, cleanup: ResourceStack, logger: Logger, onUnreadable: ReportUnreadable) {
  const broke = logBrokenConnections(logger);
  const redis = (purpose: string) => ({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    onConnectionError: broke('Redis', purpose),
  });
  return {
    redis,
    database: cleanup.use(
      connectDatabase({
        url: config.databaseUrl,
        maxConnections: config.databasePool,
        applicationName: `meldesync-${config.name}`,
        limits: DATABASE_LIMITS,
        onConnectionError: broke('Postgres', 'requests'),
      }),
    ),
    importQueue: cleanup.use(
      createImportQueue({
        redisUrl: config.redisUrl,
        prefix: config.redisPrefix,
        onError: broke('Redis', 'import queue'),
      }),
    ),
    lockService: cleanup.use(
      connectLocks({
        redisUrl: config.redisUrl,
        masterUrls: config.lockRedisUrls,
        prefix: config.redisPrefix,
        channel: feedKeys(config.redisPrefix).state,
        onConnectionError: broke('Redis', 'locks'),
        onUnreadable,
      }),
    ),
    board: cleanup.use(createPresenceBoard({ ...redis('presence'), onUnreadable })),
    notices: cleanup.use(createNoticePublisher(redis('notices'))),
  };
}
