import { setTimeout as sleep } from 'node:timers/promises';
import { createFeedPublisher } from '@meldesync/bus';
import { connectDatabase, type FeedHold, slotIsTaken, sqlState } from '@meldesync/db';
import { listenAs, ResourceStack, VERSION } from '@meldesync/lifecycle';
import { createProcessLogger, type Logger, logBrokenConnections, serveAdmin } from '@meldesync/telemetry';
import type { RelayConfig } from './config.ts';
import { type PassContext, runPass } from './pass.ts';
import { createRelayMetrics } from './relay-metrics.ts';

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

/** Starts a relay. It follows Postgres until disposed, as a standby while another one holds the slot. */
export async function startRelay(config: RelayConfig): Promise<Relay> {
  const logger = createProcessLogger(config);
  const metrics = createRelayMetrics(config.name);
  const broke = logBrokenConnections(logger);
  await using cleanup = new ResourceStack();
  const database = cleanup.use(
    connectDatabase({
      url: config.databaseUrl,
      maxConnections: 3,
      applicationName: 'meldesync-relay',
      onConnectionError: broke('Postgres', 'positions'),
    }),
  );
  const openFeed = () =>
    createFeedPublisher({
      url: config.redisUrl,
      prefix: config.redisPrefix,
      streamLength: config.streamLength,
      onConnectionError: broke('Redis', 'feed'),
    });
  const ending = new AbortController();
  let active = false;
  let slotWaitMs = 0;
  let trouble: string | undefined;
  const context: RelayContext = {
    config,
    database,
    openFeed,
    logger,
    metrics,
    signal: ending.signal,
    onActive: (now) => {
      active = now;
      metrics.active.set(now ? 1 : 0);
      if (now) trouble = undefined;
    },
    onSlotWait: (waitedMs) => {
      slotWaitMs = waitedMs;
      metrics.slotWaitSeconds.set(waitedMs / 1_000);
    },
    onTrouble: (now) => {
      trouble = now;
    },
  };
  const admin = cleanup.use(
    await listenAs({ port: 'ADMIN_PORT' }, () =>
      serveAdmin(config.adminPort, {
        registry: metrics.registry,
        // A standby is ready too: it does what it is there for.
        ready: async () => {
          if (ending.signal.aborted) throw new Error('stopping');
          if (slotWaitMs > 0) throw new Error('waits for open transactions, to make a replication slot');
          if (trouble) throw new Error(trouble);
        },
      }),
    ),
  );
  // Last, so that a port that is taken keeps nobody from the slot.
  const running = runUntilEnded(context, logger);
  cleanup.defer(async () => {
    ending.abort();
    await running;
  });
  logger.info({ version: VERSION, adminPort: admin.port }, 'relay is up');
  const owned = cleanup.move();
  return {
    adminPort: admin.port,
    get active() {
      return active;
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

interface RelayContext extends Omit<PassContext, 'onTaken' | 'distrusted'> {
  /** What keeps the relay from its work; undefined when nothing does any more. */
  readonly onTrouble: (trouble: string | undefined) => void;
}

async function runUntilEnded(context: RelayContext, logger: Logger): Promise<void> {
  let hold: FeedHold | undefined;
  let distrusted: FeedHold | undefined;
  const onTaken = (taken: FeedHold) => {
    hold = taken;
  };
  let standby = false;
  let reason = 'start';
  while (!context.signal.aborted) {
    let delayMs = 0;
    try {
      if (standby && (await slotIsTaken(context.database.drizzle, context.config.slot))) {
        delayMs = STANDBY_RETRY_MS;
      } else {
        if (!standby) context.metrics.passes.inc({ reason });
        reason = await runPass({ ...context, onTaken, distrusted });
        standby = false;
        if (reason === 'log-set-back') distrusted = hold;
        if (reason === 'entries-lost') logger.warn('Redis lost entries; it is filled again from the WAL');
      }
    } catch (error) {
      if (context.signal.aborted) return;
      const inUse = sqlState(error) === SLOT_IN_USE;
      if (!inUse) logger.error({ err: error }, 'the feed broke off');
      else if (!standby) logger.info('another relay is active; standing by');
      reason = inUse ? 'takeover' : 'failure';
      standby = inUse;
      context.onTrouble(inUse ? undefined : 'the feed broke off');
      delayMs = inUse ? STANDBY_RETRY_MS : FAILURE_RETRY_MS;
    }
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: context.signal }).catch(ignoreAbort);
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
