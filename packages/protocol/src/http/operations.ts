import { z } from 'zod';
import { operationsCertificate } from './certificates.ts';

/**
 * How much the service takes on at once (R5.4): from `reduced` on imports wait, from `minimal` on everybody gets changes less often,
 * in `manual` people refresh by hand.
 */
export const serviceLevel = z.enum(['normal', 'reduced', 'minimal', 'manual']);
export type ServiceLevel = z.infer<typeof serviceLevel>;

/**
 * What raised the level: milliseconds, bytes or seconds, a share, a share, and requests that wait for a connection. `unit` of a reason
 * says which: `ms`, `By`, `s`, or `1` for shares and counts.
 */
export const levelCause = z.enum(['latency', 'feed-lag', 'errors', 'memory', 'pool']);
export type LevelCause = z.infer<typeof levelCause>;

/** `PUT /api/v1/operations/level`: what a person wants it to be; `automatic` leaves it to what is measured. */
export const wantedLevel = z.object({ level: z.enum(['automatic', 'reduced', 'minimal', 'manual']) });
export type WantedLevel = z.infer<typeof wantedLevel>['level'];

const operationsLevel = z.object({
  name: serviceLevel,
  since: z.string(),
  /** What keeps it up; what is measured is told of a level that a person has chosen too. */
  reasons: z.array(
    z.object({
      cause: levelCause,
      value: z.number(),
      limit: z.number(),
      unit: z.enum(['ms', 'By', 's', '1']).optional(),
    }),
  ),
  chosenBy: z.enum(['measured', 'person']),
});
export type OperationsLevel = z.infer<typeof operationsLevel>;

/** What a process says of itself. */
export const operationsProcess = z.object({
  name: z.string(),
  kind: z.enum(['node', 'relay', 'worker']),
  version: z.string(),
  startedAt: z.string(),
  /** When it was last heard of. */
  seenAt: z.string(),
  usable: z.boolean(),
  live: z.boolean(),
  /** What it lacks, in words. */
  missing: z.array(z.string()),
  memoryBytes: z.number(),
  /** Share of one core, over the last seconds. */
  cpu: z.number(),
  /** How long the event loop kept others waiting, 99th percentile. */
  eventLoopDelayMs: z.number(),
  /** Of a relay. */
  role: z.enum(['active', 'standby', 'starting']).optional(),
  /** Of a node: how many connections get changes this many milliseconds apart; 0 is at once. */
  connections: z.array(z.object({ tier: z.number(), count: z.number() })).optional(),
  /** Of a process with connections to Postgres. */
  pool: z.object({ used: z.number(), idle: z.number(), waiting: z.number() }).optional(),
  /** Of a node behind HTTPS, once it has looked at them. */
  certificates: z.array(operationsCertificate).optional(),
});
export type OperationsProcess = z.infer<typeof operationsProcess>;

const operationsLock = z.object({
  lock: z.uuid(),
  workspace: z.uuid(),
  records: z.array(z.number()),
  /** User id of the holder. */
  user: z.string(),
  since: z.string(),
});
export type OperationsLock = z.infer<typeof operationsLock>;

/**
 * What happened in the five seconds before `at`; null where nothing was measured. Latency is from the commit to the screens, in
 * milliseconds; `answerP95` is from an edit's arrival at a node to its answer.
 */
const operationsPoint = z.object({
  at: z.string(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  answerP95: z.number().nullable().optional(),
  editsPerSecond: z.number(),
  deliveriesPerSecond: z.number(),
  connections: z.number(),
  feedLagBytes: z.number().nullable(),
  errorsPerSecond: z.number(),
});
export type OperationsPoint = z.infer<typeof operationsPoint>;

/** `GET /api/v1/operations`, for whoever administers at least one workspace: how the whole service is. */
export const operations = z.object({
  at: z.string(),
  level: operationsLevel,
  processes: z.array(operationsProcess),
  feed: z.object({
    /** Of Postgres' log that no node has been told of yet. */
    lagBytes: z.number().nullable(),
    /** How old the oldest frame is that Redis has not taken. */
    delaySeconds: z.number().nullable(),
    bufferFrames: z.number().nullable(),
    bufferBytes: z.number().nullable(),
    canaryAgeMs: z.number().nullable(),
  }),
  /** Imports; 0 of each while Redis does not answer, which `missing` of the process that answers says. */
  queue: z.object({ waiting: z.number(), active: z.number(), delayed: z.number(), failed: z.number() }),
  /** Of the workspaces that the asker administers. */
  locks: z.array(operationsLock),
  /** One point per five seconds of the last quarter of an hour, newest last. */
  history: z.array(operationsPoint),
});
export type Operations = z.infer<typeof operations>;
