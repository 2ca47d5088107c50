import type { Activity } from '@meldesync/operations';
import { type ReportUnreadable, TIERS_MS, type TierMs } from '@meldesync/protocol';
import { Counter, createRegistry, Gauge, type Registry } from '@meldesync/telemetry';
import type { NodeObserver } from './core/node-core.ts';

/** What a sync node measures (R5.4). */
export interface NodeMetrics {
  readonly registry: Registry;
  readonly connections: Gauge;
  readonly messages: Counter;
  readonly frames: Counter;
  readonly deliveries: Counter;
  readonly requests: Counter<'status'>;
  readonly snapshotQueries: Counter;
  readonly divergences: Counter;
  readonly framePages: Counter;
  readonly dropped: Counter;
  readonly subscriptions: Counter<'outcome'>;
}

export function createNodeMetrics(process: string): NodeMetrics {
  const registry = createRegistry(process);
  const registers = [registry];
  return {
    registry,
    connections: new Gauge({ name: 'meldesync_connections', help: 'Open WebSocket connections', registers }),
    messages: new Counter({ name: 'meldesync_messages_total', help: 'Messages received from clients', registers }),
    frames: new Counter({ name: 'meldesync_frames_total', help: 'Frames given to live clients', registers }),
    deliveries: new Counter({
      name: 'meldesync_deliveries_total',
      help: 'Frames times the live clients they went to',
      registers,
    }),
    snapshotQueries: new Counter({
      name: 'meldesync_snapshot_queries_total',
      help: 'Pages of snapshots read from Postgres; the others were shared',
      registers,
    }),
    divergences: new Counter({
      name: 'meldesync_divergences_total',
      help: 'Clients whose state did not add up to the feed’s checksum, mended by a snapshot',
      registers,
    }),
    framePages: new Counter({
      name: 'meldesync_frame_pages_total',
      help: 'Pages of frames read from Redis and encoded; the others were shared',
      registers,
    }),
    dropped: new Counter({
      name: 'meldesync_dropped_total',
      help: 'Times something of the feed was dropped for a client that left too much unread, and then catches up',
      registers,
    }),
    subscriptions: new Counter({
      name: 'meldesync_subscriptions_total',
      help: 'Clients that asked to follow the feed from their cursor: live, or why they took a snapshot instead',
      labelNames: ['outcome'],
      registers,
    }),
    requests: new Counter({
      name: 'meldesync_http_requests_total',
      help: 'HTTP requests answered, by status',
      labelNames: ['status'],
      registers,
    }),
  };
}

/** `countTier` says how many connections get changes that far apart; it is asked whenever somebody reads the metrics. */
export function measureTiers({ registry }: NodeMetrics, countTier: (tierMs: TierMs) => number): void {
  const connectionsByTier = new Gauge({
    name: 'meldesync_connections_by_tier',
    help: 'Connections of members, by how many milliseconds apart they get changes; 0 is at once',
    labelNames: ['every_ms'],
    registers: [],
    collect() {
      for (const tierMs of TIERS_MS) this.set({ every_ms: tierMs }, countTier(tierMs));
    },
  });
  registry.registerMetric(connectionsByTier);
}

/** Measures how old what the node knows is, when asked. */
export function measureFreshness({ registry }: NodeMetrics, ageMs: () => number): void {
  const age = new Gauge({
    name: 'meldesync_canary_age_seconds',
    help: 'Since the freshest canary that came through Postgres, relay and Redis was written; the start while none has come',
    registers: [],
    collect() {
      this.set(ageMs() / 1_000);
    },
  });
  registry.registerMetric(age);
}

/** Counts what happens in a node. */
export function nodeObserver(metrics: NodeMetrics, activity: Activity, onUnreadable: ReportUnreadable): NodeObserver {
  return {
    onUnreadable,
    onConnections: (change) => metrics.connections.inc(change),
    onMessage: () => metrics.messages.inc(),
    onDropped: () => metrics.dropped.inc(),
    onFrames: (frames, sockets) => {
      metrics.frames.inc(frames);
      metrics.deliveries.inc(frames * sockets);
      activity.published(frames * sockets);
    },
    onSnapshotQuery: () => metrics.snapshotQueries.inc(),
    onFramePage: () => metrics.framePages.inc(),
    onDiverged: () => metrics.divergences.inc(),
    onEdited: (seconds, isFailed) => activity.edited(seconds, isFailed),
    onSubscribed: (outcome) => metrics.subscriptions.inc({ outcome }),
  };
}
