import type { RetentionReport } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

/** How retention and erasures stand, for who watches over them. */
export interface RetentionState {
  /** Runs that failed since the last one that did not. */
  readonly failedRuns: number;
  /** Of each kind that stayed in the latest run, why. */
  readonly stays: readonly string[];
  /** How long ago the oldest erasure was of which something is left to do; 0 where there is none. */
  readonly openErasureMs: number;
}

/** Dry runs are none of them. */
export async function readRetentionState(executor: Executor): Promise<RetentionState> {
  const { rows } = await executor.execute<{
    failed: number;
    report: RetentionReport | null;
    waited: number | null;
  }>(sql`
    with ended as (select id, report, failure from retention_runs where not is_dry_run and finished_at is not null)
    select (select count(*)::int from ended where id > coalesce((select max(id) from ended where failure is null), 0)) as failed,
      (select report from ended order by id desc limit 1) as report,
      (select (extract(epoch from clock_timestamp() - min(at)) * 1000)::float8 from erasures where salt is not null) as waited`);
  const [row] = rows;
  return {
    failedRuns: row?.failed ?? 0,
    stays: (row?.report?.lines ?? []).flatMap(({ stays }) => stays ?? []),
    openErasureMs: Math.max(0, row?.waited ?? 0),
  };
}
