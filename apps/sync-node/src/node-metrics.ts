import type { Activity } from '@meldesync/operations';
import { CLOSE_RULES, type ReportUnreadable, TIERS_MS } from '@meldesync/protocol';
import {
  type Counter,
  type Histogram,
  type ProcessMeter,
  recordWithExemplar,
  type TraceContext,
} from '@meldesync/telemetry';
import type { CertificateWatch } from './certificates/certificate-watch.ts';
import type { NodeCore, NodeObserver } from './core/node-core.ts';
import type { AnsweredRequest } from './http/uws-adapter.ts';
import type { DeliveryPathOptions } from './path/delivery-path.ts';
import type { EditPathOptions } from './path/edit-path.ts';

/** What a sync node measures and others of it tell (R5.4); the rest is asked for whenever somebody reads the metrics. */
export interface NodeMetrics {
  readonly meter: ProcessMeter<'node'>;
  readonly deliveryDuration: Histogram<'meldesync.delivery.duration'>;
  readonly hopDuration: Histogram<'meldesync.hop.duration'>;
  readonly editDuration: Histogram<'meldesync.edit.duration'>;
  readonly conflicts: Counter<'meldesync.conflicts'>;
  readonly lockDuration: Histogram<'meldesync.lock.duration'>;
  readonly locksEnded: Counter<'meldesync.locks.ended'>;
  readonly closed: Counter<'meldesync.connections.closed'>;
  readonly reconnects: Counter<'meldesync.reconnects'>;
  readonly subscriptions: Counter<'meldesync.subscriptions'>;
  readonly catchupFrames: Histogram<'meldesync.catchup.frames'>;
  readonly messages: Counter<'meldesync.messages'>;
  readonly frames: Counter<'meldesync.frames'>;
  readonly framesMerged: Counter<'meldesync.frames.merged'>;
  readonly deliveries: Counter<'meldesync.deliveries'>;
  readonly dropped: Counter<'meldesync.dropped'>;
  readonly snapshotQueries: Counter<'meldesync.snapshot.queries'>;
  readonly framePages: Counter<'meldesync.frame.pages'>;
  readonly divergences: Counter<'meldesync.divergences'>;
  readonly requestDuration: Histogram<'http.server.request.duration'>;
  readonly imports: Counter<'meldesync.imports'>;
  readonly auditNotices: Counter<'meldesync.audit.notices'>;
  readonly rateLimited: Counter<'meldesync.rate_limited'>;
}

export function createNodeMetrics(meter: ProcessMeter<'node'>): NodeMetrics {
  return {
    meter,
    deliveryDuration: meter.histogram('meldesync.delivery.duration'),
    hopDuration: meter.histogram('meldesync.hop.duration'),
    editDuration: meter.histogram('meldesync.edit.duration'),
    conflicts: meter.counter('meldesync.conflicts'),
    lockDuration: meter.histogram('meldesync.lock.duration'),
    locksEnded: meter.counter('meldesync.locks.ended'),
    closed: meter.counter('meldesync.connections.closed'),
    reconnects: meter.counter('meldesync.reconnects'),
    subscriptions: meter.counter('meldesync.subscriptions'),
    catchupFrames: meter.histogram('meldesync.catchup.frames'),
    messages: meter.counter('meldesync.messages'),
    frames: meter.counter('meldesync.frames'),
    framesMerged: meter.counter('meldesync.frames.merged'),
    deliveries: meter.counter('meldesync.deliveries'),
    dropped: meter.counter('meldesync.dropped'),
    snapshotQueries: meter.counter('meldesync.snapshot.queries'),
    framePages: meter.counter('meldesync.frame.pages'),
    divergences: meter.counter('meldesync.divergences'),
    requestDuration: meter.histogram('http.server.request.duration'),
    imports: meter.counter('meldesync.imports'),
    auditNotices: meter.counter('meldesync.audit.notices'),
    rateLimited: meter.counter('meldesync.rate_limited'),
  };
}

/** Measures how a node stands, when asked: its connections, its locks, and how old what it knows is. */
export function measureNode({ meter }: NodeMetrics, { connections, locks, freshness }: NodeCore): void {
  meter.observe('meldesync.connections', (observe) => {
    const count = connections.countStates(freshness.state === 'stale');
    for (const state of ['greeting', 'loading', 'live', 'stale'] as const) observe(count[state], { state });
  });
  meter.observe('meldesync.connections.by_tier', (observe) => {
    for (const tierMs of TIERS_MS) observe(connections.countTier(tierMs), { tier: `${tierMs}` });
  });
  meter.observe('meldesync.locks.held', (observe) => observe(locks.held));
  meter.observe('meldesync.canary.age', (observe) => observe(freshness.ageMs / 1_000));
}

/** Measures how long certificates go on, when asked. */
export function measureCertificates({ meter }: NodeMetrics, certificates: Pick<CertificateWatch, 'remaining'>): void {
  meter.observe('meldesync.certificate.remaining', (observe) => {
    for (const { source, seconds } of certificates.remaining()) observe(seconds, { source });
  });
}

/** Counts what happens in a node. */
export function nodeObserver(metrics: NodeMetrics, activity: Activity, onUnreadable: ReportUnreadable): NodeObserver {
  return {
    onUnreadable,
    onMessage: () => metrics.messages.add(1),
    onDropped: () => metrics.dropped.add(1),
    onFrames: (frames, sockets) => {
      metrics.frames.add(frames);
      metrics.deliveries.add(frames * sockets);
      activity.published(frames * sockets);
    },
    onMerged: (tierMs, frames) => metrics.framesMerged.add(frames, { tier: `${tierMs}` }),
    onSnapshotQuery: () => metrics.snapshotQueries.add(1),
    onFramePage: () => metrics.framePages.add(1),
    onDiverged: () => metrics.divergences.add(1),
    onSubscribed: (outcome) => metrics.subscriptions.add(1, { outcome }),
    onReconnect: (reason) => metrics.reconnects.add(1, { reason }),
    onClosed: ({ code, by }) => metrics.closed.add(1, { code: closeLabel(code), by }),
    onCaughtUp: (frames) => metrics.catchupFrames.record(frames),
    onLockAsked: (outcome, durationMs) => metrics.lockDuration.record(durationMs / 1_000, { outcome }),
    onLockEnded: (reason) => metrics.locksEnded.add(1, { reason }),
  };
}

/** Records how long edits took, and the way of frames to the screens. */
export function pathObserver(
  metrics: NodeMetrics,
  activity: Activity,
): Omit<DeliveryPathOptions & EditPathOptions, 'tracing' | 'newsAgeMs'> {
  const { editDuration, conflicts, hopDuration, deliveryDuration } = metrics;
  return {
    onEdit: ({ via, person, end, seconds, isFault, conflicts: { overlapping, beside }, trace }) => {
      activity.edited(seconds, isFault, person);
      recordWithExemplar(editDuration, seconds, { outcome: end, via }, recordedIn(trace));
      if (overlapping > 0) conflicts.add(overlapping, { overlaps: 'true' });
      if (beside > 0) conflicts.add(beside, { overlaps: 'false' });
    },
    onHop: (hop, seconds) => hopDuration.record(seconds, { hop }),
    onDelivery: ({ tierMs, seconds, person, trace }) => {
      activity.delivered(tierMs, seconds, person);
      recordWithExemplar(deliveryDuration, seconds, { tier: `${tierMs}` }, recordedIn(trace));
    },
  };
}

/** The trace that can be looked at. */
function recordedIn(trace: TraceContext | undefined): string | undefined {
  return trace?.isSampled ? trace.traceId : undefined;
}

type CloseLabel = Parameters<NodeMetrics['closed']['add']>[1]['code'];

const CLOSE_LABELS: ReadonlyMap<number, CloseLabel> = new Map(
  Object.values(CLOSE_RULES).map(({ code }) => [code, `${code}`] as const),
);

/** A client may close with any code. */
function closeLabel(code: number): CloseLabel {
  return CLOSE_LABELS.get(code) ?? 'other';
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Measures how requests were answered; `routeOf` names the route of one, never its path. */
export function measureRequests(
  { requestDuration }: NodeMetrics,
  routeOf: (request: AnsweredRequest) => string,
): (request: AnsweredRequest) => void {
  return (request) =>
    requestDuration.record(request.durationMs / 1_000, {
      'http.request.method': METHODS.find((method) => method === request.method) ?? '_OTHER',
      'http.route': routeOf(request),
      'http.response.status_code': request.status,
    });
}
