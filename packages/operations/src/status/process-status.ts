import { operationsProcess } from '@meldesync/protocol';
import { z } from 'zod';
import { LATENCY_BUCKETS } from './latency-window.ts';

const amount = z.number().nonnegative();
const counts = z.array(z.int().nonnegative()).length(LATENCY_BUCKETS);

/** Of the feed, as the active relay sees it. */
const feedStatus = z.object({
  lagBytes: amount.nullable(),
  delaySeconds: amount.nullable(),
  bufferFrames: amount.nullable(),
  bufferBytes: amount.nullable(),
});
export type FeedStatus = z.infer<typeof feedStatus>;

/** What a process puts on the board: what admins see of it, and what the level follows. */
export const processStatus = operationsProcess.omit({ seenAt: true }).extend({
  /** Form of what it leaves in Redis (`CLUSTER_FORMAT`); releases that said none had the first. */
  format: z.int().positive().default(1),
  memoryBytes: amount,
  memoryLimitBytes: z.number().positive(),
  /** Of a node: how old what it hears is. */
  canaryAgeMs: amount.nullable(),
  /** Of the active relay. */
  feed: feedStatus.optional(),
  /** Of a node: what happened in the last 10 s. */
  recent: z.object({ delivered: counts, answered: counts, errors: amount }).optional(),
});
export type ProcessStatus = z.infer<typeof processStatus>;

/** What happened in a process since its point before. */
export const historyPoint = z.object({
  spanMs: z.number().positive(),
  delivered: counts,
  answered: counts,
  edits: amount,
  deliveries: amount,
  errors: amount,
  connections: amount,
  feedLagBytes: amount.nullable(),
});
export type HistoryPoint = z.infer<typeof historyPoint>;
