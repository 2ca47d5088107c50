/** How an instrument is used: `counter` is told of what is more, `gauge` of values, `histogram` of samples. */
export type InstrumentKind = 'counter' | 'gauge' | 'histogram';

/** A process that measures it. */
export type Measurer = 'node' | 'relay' | 'worker';

/**
 * What may stand in an attribute: one of these words, or one of a small set that is named elsewhere. No workspace, user, record
 * or address ever: the number of series is bounded by the code, whatever people do.
 */
export type AttributeValues = readonly string[] | 'close-code' | 'http-status' | 'http-route';

/** What is measured under one name (R5.4). */
export interface MetricDefinition {
  readonly kind: InstrumentKind;
  /** UCUM, as OpenTelemetry asks for: `s`, `By`, `{thing}`. */
  readonly unit: string;
  readonly description: string;
  readonly by: readonly Measurer[];
  readonly attributes?: Readonly<Record<string, AttributeValues>>;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** Of what a person waits for, around the 100 ms of R1.2. */
const HUMAN_SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Of one step among several. */
const STEP_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const COUNTS = [0, 1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];
const ALL = ['node', 'relay', 'worker'] as const;
const TIERS = ['0', '250', '1000', '5000'] as const;

/**
 * Every metric of ours. In Prometheus dots become underscores, and the unit and `_total` are appended (`prometheusName`);
 * `docs/METRICS.md` is written from this. What Node.js and the process measure of themselves comes beside it under OpenTelemetry's names.
 */
export const METRICS = {
  'meldesync.delivery.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the commit of a change until a client had applied it, as a sampled share of clients saw it',
    by: ['node'],
    attributes: { tier: TIERS },
    buckets: HUMAN_SECONDS,
  },
  'meldesync.hop.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'The parts of that way; where two hosts are part of one, their clocks may differ',
    by: ['node', 'relay'],
    attributes: { hop: ['commit-relay', 'relay-bus', 'bus-node', 'node-socket', 'socket-applied'] },
    buckets: STEP_SECONDS,
  },
  'meldesync.edit.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the arrival of an edit until its answer was sent; its count says how many edits there were',
    by: ['node'],
    attributes: { outcome: ['accepted', 'conflict', 'rejected', 'refused', 'failed'], via: ['web', 'cli', 'api'] },
    buckets: HUMAN_SECONDS,
  },
  'meldesync.conflicts': {
    kind: 'counter',
    unit: '{conflict}',
    description:
      'Records of an edit that somebody else had changed first (R2.1); overlapping where a field of theirs was to be set',
    by: ['node'],
    attributes: { overlaps: ['true', 'false'] },
  },
  'meldesync.locks.held': {
    kind: 'gauge',
    unit: '{lock}',
    description: 'Record locks that connections of this node hold',
    by: ['node'],
  },
  'meldesync.lock.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From asking for a lock until it was granted, refused because somebody has it, or failed',
    by: ['node'],
    attributes: { outcome: ['granted', 'held', 'refused', 'failed'] },
    buckets: HUMAN_SECONDS,
  },
  'meldesync.locks.ended': {
    kind: 'counter',
    unit: '{lock}',
    description:
      'Locks of clients of this node that ended, by why; lost: it was gone in Redis without a word of its end',
    by: ['node'],
    attributes: { reason: ['released', 'expired', 'taken-away', 'taken-over', 'lost'] },
  },
  'meldesync.connections': {
    kind: 'gauge',
    unit: '{connection}',
    description: 'Open WebSocket connections, by how far they are',
    by: ['node'],
    attributes: { state: ['greeting', 'loading', 'live', 'stale'] },
  },
  'meldesync.connections.by_tier': {
    kind: 'gauge',
    unit: '{connection}',
    description:
      'Connections that follow the feed, by how many milliseconds apart they get changes; 0 is at once (R4.5)',
    by: ['node'],
    attributes: { tier: TIERS },
  },
  'meldesync.connections.closed': {
    kind: 'counter',
    unit: '{connection}',
    description: 'Connections that ended, by close code and who closed',
    by: ['node'],
    attributes: { code: 'close-code', by: ['client', 'node', 'line'] },
  },
  'meldesync.reconnects': {
    kind: 'counter',
    unit: '{connection}',
    description: 'Clients that came back, by what they say had ended the connection before (R4.2)',
    by: ['node'],
    attributes: { reason: ['closed', 'silence', 'offline', 'stale', 'drain', 'slow', 'other'] },
  },
  'meldesync.subscriptions': {
    kind: 'counter',
    unit: '{subscription}',
    description: 'Clients that asked to follow the feed from their cursor: live, or why they took a snapshot instead',
    by: ['node'],
    attributes: { outcome: ['live', 'epoch', 'too-old', 'unknown'] },
  },
  'meldesync.catchup.frames': {
    kind: 'histogram',
    unit: '{frame}',
    description: 'How many frames a client lacked when it subscribed; of a range, how many changes',
    by: ['node'],
    buckets: COUNTS,
  },
  'meldesync.messages': {
    kind: 'counter',
    unit: '{message}',
    description: 'Messages received from clients',
    by: ['node'],
  },
  'meldesync.frames': {
    kind: 'counter',
    unit: '{frame}',
    description: 'Frames given to live clients',
    by: ['node'],
  },
  'meldesync.frames.merged': {
    kind: 'counter',
    unit: '{frame}',
    description: 'Frames that clients of a slower tier got as part of another, counted once for all of them (R4.5)',
    by: ['node'],
    attributes: { tier: ['250', '1000', '5000'] },
  },
  'meldesync.deliveries': {
    kind: 'counter',
    unit: '{frame}',
    description: 'Frames times the live clients they went to',
    by: ['node'],
  },
  'meldesync.dropped': {
    kind: 'counter',
    unit: '{message}',
    description: 'Times something of the feed was dropped for a client that left too much unread, and then catches up',
    by: ['node'],
  },
  'meldesync.snapshot.queries': {
    kind: 'counter',
    unit: '{page}',
    description: 'Pages of snapshots read from Postgres; the others were shared',
    by: ['node'],
  },
  'meldesync.frame.pages': {
    kind: 'counter',
    unit: '{page}',
    description: 'Pages of frames read from Redis and encoded; the others were shared',
    by: ['node'],
  },
  'meldesync.divergences': {
    kind: 'counter',
    unit: '{client}',
    description: 'Clients whose state did not add up to the feed’s checksum, mended by a snapshot',
    by: ['node'],
  },
  'http.server.request.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'HTTP requests, until their answer was written',
    by: ['node'],
    attributes: {
      'http.request.method': ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', '_OTHER'],
      'http.route': 'http-route',
      'http.response.status_code': 'http-status',
    },
    buckets: HUMAN_SECONDS,
  },
  'meldesync.unreadable': {
    kind: 'counter',
    unit: '{thing}',
    description: 'What was read from outside the process, could not be read and was left out, by place',
    by: ALL,
    attributes: {
      place: [
        'log-change',
        'feed-message',
        'stream-entry',
        'canary',
        'notice',
        'node-message',
        'lock-directory',
        'lock-key',
        'presence-board',
        'status-board',
        'level',
        'redis-key',
        'record',
        'history',
        'member',
        'import',
        'conflict',
        'import-job',
      ],
    },
  },
  'meldesync.log.lines': {
    kind: 'counter',
    unit: '{line}',
    description: 'Lines of the log from warnings on, those too that were counted instead of written',
    by: ALL,
    attributes: { level: ['warn', 'error', 'fatal'] },
  },
  'meldesync.degradation.level': {
    kind: 'gauge',
    unit: '{level}',
    description: 'How far the cluster saves work (R5.4): 0 normal, 1 reduced, 2 minimal, 3 manual',
    by: ALL,
  },
  'meldesync.canary.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Since the freshest canary that came through Postgres, the relay and, at a node, Redis was written',
    by: ['node', 'relay'],
  },
  'meldesync.certificate.remaining': {
    kind: 'gauge',
    unit: 's',
    description:
      'Until the certificate is over that `BASE_URL` shows, or that is in `TLS_CERTIFICATE_FILE`; below 0 since it is, missing where it cannot be read',
    by: ['node'],
    attributes: { source: ['served', 'file'] },
  },
  'meldesync.memory.external': {
    kind: 'gauge',
    unit: 'By',
    description: 'Memory beside V8’s heap that its objects hold, such as buffers',
    by: ALL,
  },
  'db.client.connection.count': {
    kind: 'gauge',
    unit: '{connection}',
    description: 'Connections to Postgres in the pool',
    by: ALL,
    attributes: { 'db.client.connection.state': ['idle', 'used'] },
  },
  'db.client.connection.pending_requests': {
    kind: 'gauge',
    unit: '{request}',
    description: 'Who waits for a connection of the pool',
    by: ALL,
  },
  'db.client.connection.wait_time': {
    kind: 'histogram',
    unit: 's',
    description: 'How long a connection of the pool was waited for',
    by: ALL,
    buckets: STEP_SECONDS,
  },
  'meldesync.relay.frames': {
    kind: 'counter',
    unit: '{frame}',
    description: 'Frames sent to Redis, by its answer',
    by: ['relay'],
    attributes: { answer: ['appended', 'squeezed', 'restarted', 'duplicate', 'gap', 'diverged', 'fenced'] },
  },
  'meldesync.relay.changes': { kind: 'counter', unit: '{change}', description: 'Changes sent to Redis', by: ['relay'] },
  'meldesync.relay.passes': {
    kind: 'counter',
    unit: '{pass}',
    description: 'Passes over the WAL, by what made them necessary',
    by: ['relay'],
    attributes: {
      reason: ['start', 'takeover', 'failure', 'entries-lost', 'log-set-back', 'history-put-back', 'log-unreadable'],
    },
  },
  'meldesync.relay.epochs': {
    kind: 'counter',
    unit: '{epoch}',
    description: 'Epochs begun, by why the one before could not go on: every client takes a snapshot',
    by: ['relay'],
    attributes: {
      reason: [
        'first',
        'slot-lost',
        'slot-moved-on',
        'other-server',
        'other-timeline',
        'other-history',
        'log-set-back',
        'history-put-back',
        'log-unreadable',
      ],
    },
  },
  'meldesync.relay.active': {
    kind: 'gauge',
    unit: '{relay}',
    description: '1 while this relay holds the slot',
    by: ['relay'],
  },
  'meldesync.relay.slot.wait': {
    kind: 'gauge',
    unit: 's',
    description: 'For how long a new slot has waited for open transactions; 0 when none does',
    by: ['relay'],
  },
  'meldesync.feed.lag': {
    kind: 'gauge',
    unit: 'By',
    description: 'WAL that Postgres has written and the relay has not confirmed',
    by: ['relay'],
  },
  'meldesync.feed.delay': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest commit that the relay has read and Redis has not taken; 0 when there is none',
    by: ['relay'],
  },
  'meldesync.buffer.frames': {
    kind: 'gauge',
    unit: '{frame}',
    description: 'Entries of the streams that Redis keeps (R4.4)',
    by: ['relay'],
  },
  'meldesync.buffer.size': {
    kind: 'gauge',
    unit: 'By',
    description: 'Memory of the kept frames in Redis, by its own estimate',
    by: ['relay'],
  },
  'meldesync.buffer.dropped': {
    kind: 'counter',
    unit: '{frame}',
    description:
      'Frames that went from the streams: too old (`age`), more than all streams may hold together (`total`), or no room in Redis (`memory`)',
    by: ['relay'],
    attributes: { by: ['age', 'total', 'memory'] },
  },
  'meldesync.queue.depth': {
    kind: 'gauge',
    unit: '{job}',
    description: 'Imports in the queue',
    by: ['worker'],
    attributes: { state: ['waiting', 'active', 'delayed', 'failed'] },
  },
  'meldesync.import.rows': {
    kind: 'counter',
    unit: '{row}',
    description: 'Rows of imports, by what became of them',
    by: ['worker'],
    attributes: { outcome: ['created', 'updated', 'unchanged', 'rejected', 'deferred'] },
  },
  'meldesync.import.batch.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'One batch of an import, from its first statement to its commit',
    by: ['worker'],
    buckets: HUMAN_SECONDS,
  },
  'meldesync.imports': {
    kind: 'counter',
    unit: '{import}',
    description: 'Imports that ended, by how; a node tells of those that are cancelled',
    by: ['node', 'worker'],
    attributes: { outcome: ['done', 'failed', 'cancelled'] },
  },
  'meldesync.audit.notices': {
    kind: 'counter',
    unit: '{entry}',
    description:
      'Entries of the trail that are written after the fact; those that are not in it, though it happened, are `untold`',
    by: ['node'],
    attributes: { outcome: ['written', 'untold'] },
  },
  'meldesync.rate_limited': {
    kind: 'counter',
    unit: '{request}',
    description:
      'Requests that a limit refused: tries of a secret after too many wrong ones, or more in a short time than is allowed',
    by: ['node'],
    attributes: {
      limit: [
        'password',
        'code',
        'device-code',
        'link',
        'device-token',
        'passkey',
        'single-sign-on',
        'sign-in',
        'entry',
        'device-codes',
        'requests',
        'exports',
        'uploads',
      ],
    },
  },
  'meldesync.untold.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records that were written past the triggers, by the change that tells of them now',
    by: ['worker'],
    attributes: { op: ['insert', 'update', 'delete'] },
  },
  'meldesync.untold.records.left': {
    kind: 'gauge',
    unit: '{record}',
    description:
      'Records of the latest round of which nothing could be told, because they are locked or Postgres refuses it',
    by: ['worker'],
  },
  'meldesync.sweep.active': {
    kind: 'gauge',
    unit: '{worker}',
    description: '1 while this worker is the one that looks for records written past the triggers',
    by: ['worker'],
  },
  'meldesync.sweep.round': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the latest round through all records took, with its pauses',
    by: ['worker'],
  },
  'meldesync.sweep.query.time': {
    kind: 'counter',
    unit: 's',
    description: 'Time that Postgres took for it',
    by: ['worker'],
  },
  'meldesync.seal.entries': {
    kind: 'counter',
    unit: '{entry}',
    description: 'Entries of the trail that were sealed',
    by: ['worker'],
  },
  'meldesync.seal.lag': {
    kind: 'gauge',
    unit: 's',
    description: 'How old the oldest entry of the latest batch was when it was sealed, or what waits is at least',
    by: ['worker'],
  },
  'meldesync.seal.held': {
    kind: 'gauge',
    unit: 's',
    description: 'How long a transaction has been open that keeps entries from being sealed; 0 while there is none',
    by: ['worker'],
  },
  'meldesync.seal.unsigned': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest seal has been there that no signed checkpoint covers; 0 while there is none',
    by: ['worker'],
  },
  'meldesync.seal.rounds': {
    kind: 'counter',
    unit: '{round}',
    description: 'Rounds of sealing that worked, also those in which there was nothing to seal',
    by: ['worker'],
  },
  'meldesync.seal.active': {
    kind: 'gauge',
    unit: '{worker}',
    description: '1 while this worker is the one that seals the trail',
    by: ['worker'],
  },
  'meldesync.seal.query.time': {
    kind: 'counter',
    unit: 's',
    description: 'Time that Postgres took for sealing',
    by: ['worker'],
  },
  'meldesync.checkpoints': {
    kind: 'counter',
    unit: '{write}',
    description: 'Writes of signed checkpoints to where they are kept outside the database',
    by: ['worker'],
    attributes: { to: ['file', 'receiver'], outcome: ['done', 'failed'] },
  },
  'meldesync.retention.active': {
    kind: 'gauge',
    unit: '{worker}',
    description: '1 while this worker is the one that lets go of what is over its time and finishes erasures',
    by: ['worker'],
  },
  'meldesync.retention.failed': {
    kind: 'gauge',
    unit: '{run}',
    description: 'Runs of retention that failed since the last one that did not; dry runs are none',
    by: ['worker'],
  },
  'meldesync.retention.held': {
    kind: 'gauge',
    unit: '{kind}',
    description: 'Kinds of which something was over its time and stayed in the latest run, by why',
    by: ['worker'],
    attributes: { reason: ['not-archived', 'not-sealed', 'busy'] },
  },
  'meldesync.erasure.open': {
    kind: 'gauge',
    unit: 's',
    description: 'How long ago the oldest case was erased that Redis or archives may still hold; 0 while there is none',
    by: ['worker'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;
