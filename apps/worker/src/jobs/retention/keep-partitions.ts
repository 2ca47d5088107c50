import { type Database, isOverdue, MONTHLY_TABLES, makePartitions } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';

const DAY_MS = 24 * 60 * 60_000;
/** Partitions are made two months ahead: where a table is not free, there is time. */
const RETRY_MS = 30_000;

export interface PartitionContext {
  readonly database: Database;
  readonly logger: Pick<Logger, 'event'>;
  /** In milliseconds that only go forward. */
  readonly now: () => number;
}

/**
 * What makes the partitions of coming months when it is asked to look: at first, and daily. What fails is on record and tried again, and keeps
 * nothing else from its turn.
 */
export function keepPartitions({ database, logger, now }: PartitionContext): () => Promise<void> {
  const due = MONTHLY_TABLES.map((table) => ({ table, atMs: now() }));
  return async () => {
    for (const one of due) {
      if (one.atMs > now()) continue;
      const { table } = one;
      try {
        const count = await makePartitions(database.drizzle, table);
        one.atMs = now() + DAY_MS;
        if (count > 0) logger.event('partitions-made', { table, count });
      } catch (error) {
        one.atMs = now() + RETRY_MS;
        logger.event(isOverdue(error) ? 'partitions-postponed' : 'partitions-not-made', { err: error, table });
      }
    }
  };
}
