import { setTimeout as sleep } from 'node:timers/promises';
import {
  ALL_IDS,
  type Database,
  fillDigests,
  findUntoldRecords,
  type IdRange,
  isOutage,
  nextIdRange,
  type RepairedRecord,
  repairRecords,
  type UntoldRecord,
} from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SweepMetrics } from '../../worker-metrics.ts';

/** So many records, or changes of them, are looked at in one statement: some 30 ms. */
const RANGE_SIZE = 5_000;
/** So many are told of in one transaction, whose rows an edit would wait for. */
const REPAIR_SIZE = 100;
/** After each statement it pauses so many times as long as that took: it takes a fifth of one processor at most. */
const PAUSE_FACTOR = 4;
/** As many ids as a line of the log names. */
const NAMED_IDS = 20;

export interface SweepRoundContext {
  readonly database: Database;
  readonly logger: Pick<Logger, 'event'>;
  readonly metrics: SweepMetrics;
  readonly signal: AbortSignal;
  /** There may be changes from before digests: they are given one, so that no later round reads their history again. */
  readonly mayLackDigests: boolean;
}

/**
 * Looks through all records once, range by range, and tells of those that were written past the triggers; how many changes got a
 * digest. Throws when Postgres cannot be asked, or the signal ends it.
 */
export async function sweepOnce(context: SweepRoundContext): Promise<number> {
  const { database, metrics, signal, mayLackDigests } = context;
  const startedMs = performance.now();
  let left = 0;
  let filled = 0;
  for (let above = ALL_IDS.above; above < ALL_IDS.upTo; ) {
    const askedMs = performance.now();
    const range: IdRange = await nextIdRange(database.drizzle, above, RANGE_SIZE);
    if (mayLackDigests) filled += await fillDigests(database.drizzle, range);
    left += await tellOf(context, await findUntoldRecords(database.drizzle, range));
    above = range.upTo;
    const tookMs = performance.now() - askedMs;
    metrics.queryTime.add(tookMs / 1_000);
    if (above < ALL_IDS.upTo) await sleep(tookMs * PAUSE_FACTOR, undefined, { signal });
  }
  metrics.unrepaired.record(left);
  metrics.round.record((performance.now() - startedMs) / 1_000);
  return filled;
}

/** How many it could not tell of. */
async function tellOf(context: SweepRoundContext, untold: readonly UntoldRecord[]): Promise<number> {
  let told = 0;
  for (let at = 0; at < untold.length && !context.signal.aborted; at += REPAIR_SIZE)
    told += await tellOfBatch(context, untold.slice(at, at + REPAIR_SIZE));
  return untold.length - told;
}

/** Of a batch that Postgres refuses each half is tried by itself: one that cannot be told of keeps no other back. */
async function tellOfBatch(context: SweepRoundContext, batch: readonly UntoldRecord[]): Promise<number> {
  const { database, logger, metrics } = context;
  const ids = batch.map(({ id }) => id);
  let repaired: RepairedRecord[];
  try {
    repaired = await repairRecords(database.drizzle, ids);
  } catch (error) {
    if (isOutage(error)) throw error;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const first = await tellOfBatch(context, batch.slice(0, middle));
      return first + (await tellOfBatch(context, batch.slice(middle)));
    }
    logger.event('untold-refused', { err: error, records: ids });
    return 0;
  }
  for (const { op } of repaired) metrics.repaired.add(1, { op });
  for (const workspace of new Set(repaired.map(({ workspaceId }) => workspaceId))) {
    const records = repaired.flatMap(({ id, workspaceId }) => (workspaceId === workspace ? id : []));
    logger.event('untold-found', { workspace, count: records.length, records: records.slice(0, NAMED_IDS) });
  }
  return repaired.length;
}
