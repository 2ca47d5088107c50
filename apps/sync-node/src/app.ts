import { createFeedReader, createNoticePublisher, createPresenceBoard, feedKeys } from '@meldesync/bus';
import {
  connectDatabase,
  findSessions,
  getFeedPositions,
  getFeedState,
  listenForAccessChanges,
  pingDatabase,
  snapshotPage,
} from '@meldesync/db';
import { ResourceStack, VERSION } from '@meldesync/lifecycle';
import { connectLocks } from '@meldesync/locks';
import { createProcessLogger, serveAdmin } from '@meldesync/telemetry';
import { createAuth } from './auth/auth.ts';
import { authenticate } from './auth/authenticate.ts';
import { createIdentify } from './auth/identify.ts';
import { KnownIdentities } from './auth/known-identities.ts';
import { allowedOrigins } from './auth/origins.ts';
import type { NodeConfig } from './config.ts';
import { Feeds } from './feed/feeds.ts';
import { FramePages } from './frames/frame-pages.ts';
import { createApi } from './http/api.ts';
import { bodyLimits, maxHeldBytes } from './http/body-limits.ts';
import { createHandler } from './http/handler.ts';
import { loadStaticFiles } from './http/static-files.ts';
import { NodeLocks } from './locks/node-locks.ts';
import { createNodeMetrics } from './node-metrics.ts';
import { NodePresence } from './presence/node-presence.ts';
import { createImportQueue } from './queue/import-queue.ts';
import { checkReadiness } from './readiness.ts';
import { sessionData } from './session/session-data.ts';
import { Sessions } from './session/sessions.ts';
import { SharedRoles } from './session/shared-roles.ts';
import { compressPage, SnapshotPages } from './snapshot/snapshot-pages.ts';
import { startServer } from './socket/server.ts';

export { createAuth } from './auth/auth.ts';
export { type NodeConfig, readConfig } from './config.ts';

/** A running sync node. */
export interface SyncNode extends AsyncDisposable {
  readonly port: number;
  readonly adminPort: number;
}

/** How often the node compares its feeds with Redis, in case the bus dropped something without a word. */
const POSITION_CHECK_MS = 2_000;

/** A request waits no longer for what another program has locked: it would keep a connection that others need. */
const DATABASE_LIMITS = { lockMs: 2_000, statementMs: 30_000 };

/** Starts a sync node; it serves until disposed. Rejects when the port is taken. */
export async function startSyncNode(config: NodeConfig): Promise<SyncNode> {
  const logger = createProcessLogger(config);
  const metrics = createNodeMetrics(config.name, (tierMs) => sessions.countTier(tierMs));
  const onConnectionError = (error: Error) => logger.warn({ err: error }, 'connection broke');
  await using cleanup = new ResourceStack();

  const database = cleanup.use(
    connectDatabase({
      url: config.databaseUrl,
      maxConnections: config.databasePool,
      applicationName: `meldesync-${config.name}`,
      limits: DATABASE_LIMITS,
      onConnectionError,
    }),
  );
  const auth = createAuth({
    database,
    secret: config.authSecret,
    baseUrl: config.baseUrl,
    trustedOrigins: config.trustedOrigins,
    oidc: config.oidc,
    allowSignUp: false,
    logger,
  });
  const origins = new Set(allowedOrigins(config.baseUrl, config.trustedOrigins));
  const identities = new KnownIdentities(
    createIdentify({
      secret: config.authSecret,
      findSessions: (tokens) => findSessions(database.drizzle, tokens),
      authenticate: (headers) => authenticate(auth, headers),
    }),
  );
  const sessions = cleanup.use(new Sessions(logger));
  const importQueue = cleanup.use(
    createImportQueue({ redisUrl: config.redisUrl, prefix: config.redisPrefix, onError: onConnectionError }),
  );
  const reader = cleanup.use(
    createFeedReader({
      url: config.redisUrl,
      prefix: config.redisPrefix,
      onConnectionError,
      onFrame: (workspace, frame) => feeds.receive(workspace, frame),
      onRange: (workspace, range) => feeds.receive(workspace, range),
      onNotice: (workspace, message) => server.notify(workspace, message),
      onState: (workspace, message) => {
        locks.receive(workspace, message);
        presence.receive(workspace, message);
      },
      onUnreadable: (workspace, error) =>
        logger.error({ err: error, workspace }, 'a message of the bus could not be taken in'),
      onResubscribed: () => {
        catchUpAll();
        reloadStates();
      },
    }),
  );
  const publish = (workspace: string, message: string) => server.notify(workspace, message);
  const locks: NodeLocks = cleanup.use(
    new NodeLocks({
      service: cleanup.use(
        connectLocks({
          redisUrl: config.redisUrl,
          masterUrls: config.lockRedisUrls,
          prefix: config.redisPrefix,
          channel: feedKeys(config.redisPrefix).state,
          onConnectionError,
        }),
      ),
      logger,
      publish,
    }),
  );
  const presence: NodePresence = cleanup.use(
    new NodePresence({
      board: cleanup.use(createPresenceBoard({ url: config.redisUrl, prefix: config.redisPrefix, onConnectionError })),
      logger,
      publish,
      liveCount: (workspace) => server.liveCount(workspace),
    }),
  );
  const reloadStates = () => {
    Promise.all([locks.reload(), presence.reload()]).catch((error: unknown) =>
      logger.error({ err: error }, 'could not read locks and presence again'),
    );
  };
  const feeds: Feeds = new Feeds({
    facts: {
      state: () => getFeedState(database.drizzle),
      positions: () => getFeedPositions(database.drizzle),
    },
    reader,
    logger,
    publish: (workspace, message, frameCount) => {
      metrics.frames.inc(frameCount);
      metrics.deliveries.inc(frameCount * server.liveCount(workspace));
      server.publish(workspace, message);
    },
    liveCount: (workspace) => server.liveCount(workspace),
    publishTier: (workspace, tierMs, message) => server.publishTier(workspace, tierMs, message),
    tierCount: (workspace, tierMs) => server.tierCount(workspace, tierMs),
    reset: (workspace, reason) => sessions.reset(workspace, reason),
  });
  const catchUpAll = () => {
    feeds.catchUpAll().catch((error: unknown) => logger.error({ err: error }, 'could not compare with the stream'));
  };
  const positionCheck = setInterval(catchUpAll, POSITION_CHECK_MS);
  cleanup.defer(() => clearInterval(positionCheck));
  const data = sessionData({ database, locks });
  const roles = new SharedRoles(data.sessionRoles);
  cleanup.use(
    listenForAccessChanges({
      url: config.databaseUrl,
      onChange: (userId) => {
        identities.forgetAll();
        roles.forgetAll();
        sessions.accessChanged(userId);
      },
      onError: onConnectionError,
    }),
  );

  const api = createApi({
    auth,
    database,
    feeds,
    snapshots: new SnapshotPages({
      feeds,
      readPage: (input) => {
        metrics.snapshotQueries.inc();
        return snapshotPage(database, input);
      },
      encode: compressPage,
    }),
    frames: new FramePages({ feeds, encode: compressPage, onEncoded: () => metrics.framePages.inc() }),
    importQueue,
    notices: cleanup.use(
      createNoticePublisher({ url: config.redisUrl, prefix: config.redisPrefix, onConnectionError }),
    ),
    locks,
    origins,
    importLimits: config.importLimits,
    logger,
  });
  const ready = () =>
    checkReadiness({ database: () => pingDatabase(database.drizzle), redis: (timeoutMs) => reader.ping(timeoutMs) });
  const staticFiles = await loadStaticFiles(config.webDir);
  const server = await startServer({
    host: config.host,
    port: config.port,
    identities,
    origins,
    sessions,
    context: {
      data,
      roles,
      feeds,
      locks,
      presence,
      logger,
      nodeName: config.name,
      onDiverged: () => metrics.divergences.inc(),
      onSubscribed: (outcome) => metrics.subscriptions.inc({ outcome }),
    },
    metrics,
    logger,
    handle: createHandler({ api, auth, staticFiles, ready, logger }),
    bodyLimit: bodyLimits({ identities, origins, importMaxBytes: config.importLimits.maxBytes, logger }),
    maxHeldBytes: maxHeldBytes(config.importLimits.maxBytes),
  });
  cleanup.use(server);
  const admin = cleanup.use(await serveAdmin(config.adminPort, { registry: metrics.registry, ready }));
  logger.info({ version: VERSION, port: server.port, adminPort: admin.port }, 'sync node is up');
  const owned = cleanup.move();
  return {
    port: server.port,
    adminPort: admin.port,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
