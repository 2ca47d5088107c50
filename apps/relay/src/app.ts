import { setTimeout as sleep } from 'node:timers/promises';
import { createFeedPublisher } from '@meldesync/bus';
import {
  connectDatabase,
  type FeedHold,
  keepConnected,
  PostgresSilentError,
  slotIsTaken,
  sqlState,
} from '@meldesync/db';
import { listenAs, ResourceStack, reasonOf, VERSION } from '@meldesync/lifecycle';
import { joinOperations } from '@meldesync/operations';
import {
  createProcessLogger,
  logBrokenConnections,
  measureLevel,
  NO_TRACING,
  serveAdmin,
  startMeasuring,
  type Tracing,
} from '@meldesync/telemetry';
import { CanaryRound } from './canary.ts';
import type { RelayConfig } from './config.ts';
import { type EpochFacts, isFoundOut } from './epoch-end.ts';
import { FeedGauge } from './feed-gauge.ts';
import { type RelayRole, relayReadiness } from './health.ts';
import { type PassContext, type PassEnd, runPass } from './pass.ts';
import { createRelayMetrics } from './relay-metrics.ts';
import { SenderSilentError } from './replication/sender-watch.ts';

export { type RelayConfig, readConfig } from './config.ts';

/** A running relay; disposing it lets go of the slot. */
export interface Relay extends AsyncDisposable {
  readonly adminPort: number;
  /** Whether this relay holds the slot; a standby does not. */
  readonly active: boolean;
}

const SLOT_IN_USE = '55006';
const STANDBY_RETRY_MS = 500;
const FAILURE_RETRY_MS = 1_000;

/**
 * Starts a relay. It follows Postgres until disposed, as a standby while another one holds the slot. Long because it names, once, what
 * each part is given.
 */
export async function startRelay(
  config: RelayConfig,
  logger = createProcessLogger(config),
  tracing: Tracing = NO_TRACING,
): Promise<Relay> {
  await using cleanup = new ResourceStack();
  const { meter, onUnreadable, pool } = await startMeasuring({
    kind: 'relay',
    name: config.name,
    version: VERSION,
    logger,
    tracing,
  });
  cleanup.use(meter);
  const round = new CanaryRound();
  const metrics = createRelayMetrics(meter, round);
  const gauge = new FeedGauge();
  const broke = logBrokenConnections(logger);
  const database = cleanup.use(
    connectDatabase({
      url: config.databaseUrl,
      maxConnections: 3,
      applicationName: 'meldesync-relay',
      onConnectionError: broke('Postgres', 'positions'),
      onWaited: pool.onWaited,
    }),
  );
  pool.observe(() => database.poolState());
  const watch = cleanup.use(
    keepConnected({
      url: config.databaseUrl,
      applicationName: 'meldesync-relay-watch',
      onLost: (error) => {
        broke('Postgres', 'watch')(error);
        if (error instanceof PostgresSilentError) database.breakOff();
      },
    }),
  );
  const openFeed = () =>
    createFeedPublisher({
      url: config.redisUrl,
      prefix: config.redisPrefix,
      streamLength: config.streamLength,
      streamBytes: config.streamBytes,
      onConnectionError: broke('Redis', 'feed'),
      onUnreadable,
    });
  const ending = new AbortController();
  let active = false;
  let slotWaitMs = 0;
  const standing: Standing = { role: 'starting', failure: undefined };
  const context: RelayContext = {
    config,
    database,
    openFeed,
    logger,
    metrics,
    tracing,
    onUnreadable,
    round,
    gauge,
    signal: ending.signal,
    onActive: (now) => {
      active = now;
      metrics.active.record(now ? 1 : 0);
      // Whoever is active tells of it.
      if (!now) metrics.feedLag.record(0);
    },
    onSlotWait: (waitedMs) => {
      slotWaitMs = waitedMs;
      metrics.slotWait.record(waitedMs / 1_000);
    },
  };
  const ready = async () =>
    relayReadiness({
      role: active ? 'active' : standing.role,
      failure: slotWaitMs > 0 ? 'waits for open transactions, to make a replication slot' : standing.failure,
      round,
      postgresAnswers: watch.answers,
      isStopping: ending.signal.aborted,
      now: performance.now(),
    });
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT', host: 'ADMIN_HOST' }, () =>
      serveAdmin({ port: config.adminPort, host: config.adminHost }, { meter, logger, ready }),
    ),
  );
  cleanup.use(
    joinOperations({
      ...config,
      kind: 'relay',
      ready,
      facts: () => {
        const feed = gauge.status(performance.now());
        return { pool: database.poolState(), ...(feed ? { feed } : {}) };
      },
      onLevel: measureLevel(meter),
      logger,
      onConnectionError: broke('Redis', 'operations'),
      onUnreadable,
    }),
  );
  // Last, so that a port that is taken keeps nobody from the slot.
  const running = runUntilEnded(context, standing);
  cleanup.defer(async () => {
    ending.abort();
    await running;
  });
  logger.event('relay-up', { version: VERSION, adminPort: admin.port });
  const owned = cleanup.move();
  return {
    adminPort: admin.port,
    get active() {
      return active;
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

type RelayContext = Omit<PassContext, 'onTaken' | 'distrusted'>;

/** What a relay that is not active does. */
interface Standing {
  role: Exclude<RelayRole, 'active'>;
  /** Why the last pass ended. */
  failure: string | undefined;
}

async function runUntilEnded(context: RelayContext, standing: Standing): Promise<void> {
  const { logger } = context;
  let hold: FeedHold | undefined;
  let distrusted: EpochFacts['distrusted'];
  const onTaken = (taken: FeedHold) => {
    hold = taken;
  };
  let standby = false;
  let reason: Exclude<PassEnd, 'ended'> | 'start' | 'failure' = 'start';
  while (!context.signal.aborted) {
    let delayMs = 0;
    try {
      if (standby && (await slotIsTaken(context.database.drizzle, context.config.slot))) {
        delayMs = STANDBY_RETRY_MS;
      } else {
        if (!standby) context.metrics.passes.add(1, { reason });
        const end = await runPass({ ...context, onTaken, distrusted });
        if (end === 'ended') return;
        reason = end;
        standby = false;
        if (hold && isFoundOut(end)) distrusted = { ...hold, why: end };
        standing.role = 'starting';
        if (reason === 'entries-lost') logger.event('entries-lost', {});
      }
    } catch (error) {
      if (context.signal.aborted) return;
      const inUse = sqlState(error) === SLOT_IN_USE;
      if (!inUse) logger.event('feed-broke-off', { err: error });
      else if (!standby) logger.event('relay-standing-by', {});
      reason = inUse ? 'takeover' : 'failure';
      standby = inUse;
      if (error instanceof SenderSilentError) context.round.fellSilent();
      standing.role = standby ? 'standby' : 'starting';
      standing.failure = inUse ? undefined : reasonOf(error);
      delayMs = inUse ? STANDBY_RETRY_MS : FAILURE_RETRY_MS;
    }
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: context.signal }).catch(ignoreAbort);
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
