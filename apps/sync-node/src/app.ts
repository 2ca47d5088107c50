import { type BusFrame, createFeedReader, createNoticePublisher, createPresenceBoard, feedKeys } from '@meldesync/bus';
import {
  connectDatabase,
  fateOf,
  findOpenLocks,
  listenForAccessChanges,
  PostgresSilentError,
  pingDatabase,
  recordNotices,
  recordWith,
} from '@meldesync/db';
import { listenAs, ResourceStack, VERSION } from '@meldesync/lifecycle';
import { connectLocks } from '@meldesync/locks';
import { Activity, joinOperations } from '@meldesync/operations';
import { type ReportUnreadable, type ServiceLevel, TIERS_MS } from '@meldesync/protocol';
import {
  createProcessLogger,
  epochMs,
  type Logger,
  logBrokenConnections,
  measureLevel,
  NO_TRACING,
  serveAdmin,
  startMeasuring,
  type Tracing,
} from '@meldesync/telemetry';
import { watchSessionEnds } from './audit/session-ends.ts';
import { TrailWriter } from './audit/trail-writer.ts';
import { secondFactorPolicy } from './auth/second-factor-policy.ts';
import { createSignIn } from './auth/sign-in.ts';
import { createBudgets } from './budgets/node-budgets.ts';
import { watchCertificates } from './certificates/certificate-watch.ts';
import type { NodeConfig } from './config.ts';
import type { Connections } from './core/connections.ts';
import { NodeCore } from './core/node-core.ts';
import { clientAddress } from './http/client-address.ts';
import { compressPage } from './http/compress-page.ts';
import { createHttp, type HttpOptions } from './http/http.ts';
import { createLimits } from './limits/limits.ts';
import { settleLocks } from './locks/lock-settlement.ts';
import { nodeDatabase } from './node-database.ts';
import {
  createNodeMetrics,
  measureCertificates,
  measureNode,
  measureRequests,
  nodeObserver,
  pathObserver,
} from './node-metrics.ts';
import { ClusterOperations } from './operations/cluster-operations.ts';
import { levelChanged } from './operations/level-notice.ts';
import { watchPath } from './path/watch-path.ts';
import { createImportQueue } from './queue/import-queue.ts';
import { createReadiness } from './readiness.ts';
import { systemRuntime } from './runtime.ts';
import { startServer } from './socket/server.ts';
import { createSocketApp } from './socket/socket-app.ts';

export { createAuth } from './auth/auth.ts';
export { PasswordChecks } from './auth/password-checks.ts';
export { newSessionToken } from './auth/session-tokens.ts';
export { type NodeConfig, readConfig } from './config.ts';

/** A running sync node. */
export interface SyncNode extends AsyncDisposable {
  readonly port: number;
  readonly adminPort: number;
}

/** A request waits no longer for what another program has locked: it would keep a connection that others need. */
const DATABASE_LIMITS = { lockMs: 2_000, statementMs: 30_000 };

/**
 * Starts a sync node; it serves until disposed. Throws `CannotListen` where a port cannot be had. Long because it names, once, what each
 * part is given.
 */
export async function startSyncNode(
  config: NodeConfig,
  logger = createProcessLogger(config),
  tracing: Tracing = NO_TRACING,
): Promise<SyncNode> {
  await using cleanup = new ResourceStack();
  const { meter, onUnreadable, pool } = await startMeasuring({
    kind: 'node',
    name: config.name,
    version: VERSION,
    logger,
    tracing,
  });
  cleanup.use(meter);
  const metrics = createNodeMetrics(meter);
  const socketApp = createSocketApp();
  const { database, accounts, importQueue, notices, lockService, board, redis } = connectServices(
    config,
    cleanup,
    logger,
    onUnreadable,
    pool.onWaited,
  );
  pool.observe(() => database.poolState());
  const trail = cleanup.use(
    new TrailWriter({
      node: config.name,
      runtime: systemRuntime,
      store: {
        write: (notices) => recordNotices(database, notices),
        fateOf: (txid) => fateOf(database, txid),
      },
      logger,
      onNoted: (outcome, count) => metrics.auditNotices.add(count, { outcome }),
    }),
  );
  const secondFactor = secondFactorPolicy(accounts, config.requiresSecondFactor ?? false);
  const budgets = createBudgets(config.databasePool, systemRuntime);
  const activity = new Activity();
  let level: ServiceLevel = 'normal';
  const limits = cleanup.use(
    createLimits({
      redis: redis('limits'),
      secret: config.authSecret,
      database: accounts,
      logger,
      onRefused: (limit) => metrics.rateLimited.add(1, { limit }),
    }),
  );
  const signIn = await createSignIn(config, { database: accounts, logger, limits });
  const begun = signIn.begin();
  cleanup.defer(() => begun);
  const core: NodeCore = cleanup.use(
    new NodeCore({
      name: config.name,
      runtime: systemRuntime,
      logger,
      database: nodeDatabase(
        { database, accounts },
        { rules: signIn.sessionRules, secondFactor, budgets },
        onUnreadable,
      ),
      topics: socketApp.topics,
      openReader: (listener) =>
        createFeedReader({
          ...redis('feed'),
          ...listener,
          onFrame: (workspace, frame) => listener.onFrame(workspace, arrivedNow(frame)),
        }),
      lockService,
      board,
      personConnections: config.personConnections,
      level: () => level,
      noteInput: signIn.noteInput,
      trail,
      encode: compressPage,
      observer: nodeObserver(metrics, activity, onUnreadable),
      path: watchPath({ tracing, newsAgeMs: () => core.freshness.ageMs, ...pathObserver(metrics, activity) }),
    }),
  );
  measureNode(metrics, core);
  cleanup.use(
    settleLocks({
      find: (after) => findOpenLocks(database.drizzle, after),
      service: lockService,
      trail,
      runtime: systemRuntime,
      logger,
    }),
  );
  cleanup.use(watchSessionEnds({ database: accounts, rules: signIn.sessionRules, runtime: systemRuntime, logger }));
  cleanup.use(
    listenForAccessChanges({
      url: config.databaseUrl,
      onChange: (userId) => {
        signIn.identities.forgetAll();
        core.accessChanged(userId);
      },
      onAdministered: (workspace) => core.administered(workspace),
      onError: (error) => {
        logBrokenConnections(logger)('Postgres', 'access changes')(error);
        // The connections of requests hear no more of it than this one.
        if (error instanceof PostgresSilentError) for (const pool of [database, accounts]) pool.breakOff();
      },
    }),
  );
  const ready = createReadiness({
    database: () => pingDatabase(database.drizzle),
    freshness: core.freshness,
    runtime: systemRuntime,
  });
  const certificates = cleanup.use(
    watchCertificates({ baseUrl: config.baseUrl, file: config.certificateFile, logger }),
  );
  measureCertificates(metrics, certificates);
  const measuredLevel = measureLevel(meter);
  const member = cleanup.use(
    joinOperations({
      ...config,
      kind: 'node',
      limits: config.degradation,
      ready,
      activity,
      facts: () => ({
        pool: database.poolState(),
        connections: connectionsByTier(core.connections),
        certificates: certificates.found(),
      }),
      onLevel: (now) => {
        level = now;
        measuredLevel(now);
      },
      onDecided: (decided) => trail.note(levelChanged(decided)),
      logger,
      onConnectionError: logBrokenConnections(logger)('Redis', 'operations'),
      onUnreadable,
    }),
  );
  const operations = new ClusterOperations({
    member,
    importQueue,
    locks: core.locks,
    memberships: (access) => core.answers.memberships(access),
    recordWith: (record, act) => recordWith(database, record, act),
  });
  const served: HttpOptions = {
    config,
    database,
    accounts,
    core,
    budgets,
    signIn,
    limits,
    secondFactor,
    importQueue,
    operations,
    notices,
    ready,
    logger,
    tracing,
    onUnreadable,
    onImportCancelled: () => metrics.imports.add(1, { outcome: 'cancelled' }),
    measureRequests: (routeOf) => measureRequests(metrics, routeOf),
  };
  const server = cleanup.use(
    await startServer({
      ...(await createHttp(served)),
      ...signIn,
      socketApp,
      reception: core.reception,
      strangers: budgets.strangers,
      host: config.host,
      port: config.port,
      isSecure: config.baseUrl.startsWith('https:'),
      clientAddress: clientAddress(config.trustedProxies),
      runtime: systemRuntime,
      logger,
    }),
  );
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT', host: 'ADMIN_HOST' }, () =>
      serveAdmin({ port: config.adminPort, host: config.adminHost }, { meter, ready, logger }),
    ),
  );
  logger.event('node-up', { version: VERSION, port: server.port, adminPort: admin.port });
  const owned = cleanup.move();
  return {
    port: server.port,
    adminPort: admin.port,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** A frame that has just come from the bus. */
function arrivedNow(frame: BusFrame): BusFrame {
  return frame.way ? { ...frame, way: { ...frame.way, receivedAt: epochMs() } } : frame;
}

function connectionsByTier(connections: Connections): { tier: number; count: number }[] {
  return TIERS_MS.map((tier) => ({ tier, count: connections.countTier(tier) }));
}

/** Connects to Postgres and Redis; `cleanup` owns the connections. */
function connectServices(
  config: NodeConfig,
  cleanup: ResourceStack,
  logger: Logger,
  onUnreadable: ReportUnreadable,
  onWaited: (waitedMs: number) => void,
) {
  const broke = logBrokenConnections(logger);
  const redis = (purpose: string) => ({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    onConnectionError: broke('Redis', purpose),
  });
  const postgres = (purpose: string) => ({
    applicationName: `meldesync-${config.name}`,
    limits: DATABASE_LIMITS,
    onWaited,
    onConnectionError: broke('Postgres', purpose),
  });
  return {
    redis,
    database: cleanup.use(
      connectDatabase({ ...postgres('requests'), url: config.databaseUrl, maxConnections: config.databasePool }),
    ),
    // What gets through in a question about records reaches no password, opens no session and gives nobody a role.
    accounts: cleanup.use(
      connectDatabase({
        ...postgres('accounts'),
        applicationName: `meldesync-${config.name}-accounts`,
        url: config.authDatabaseUrl ?? config.databaseUrl,
        maxConnections: config.authDatabasePool,
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
