import type { RetentionReport, RetentionRun } from '@meldesync/protocol';
import { desc, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { retentionRuns } from '../../schema/index.ts';
import type { Administrator } from '../administration/act.ts';
import { oneRow } from '../administration/act.ts';
import { requireInstallationAdmin } from '../administration/authority.ts';

/** Asks for a run of retention, which a worker takes up within seconds. Who lets something go has proved who they are. */
export async function askForRetention(
  database: Database,
  administrator: Administrator,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<RetentionRun> {
  return database.drizzle.transaction(async (tx) => {
    await requireInstallationAdmin(tx, administrator, { isFresh: !isDryRun });
    return toRun(oneRow(await tx.insert(retentionRuns).values({ askedBy: administrator.actor, isDryRun }).returning()));
  });
}

/** The latest runs, newest first. */
export async function listRetentionRuns(
  executor: Executor,
  administrator: Administrator,
  { limit }: { readonly limit: number },
): Promise<RetentionRun[]> {
  await requireInstallationAdmin(executor, administrator, { isFresh: false });
  const rows = await executor.select().from(retentionRuns).orderBy(desc(retentionRuns.id)).limit(limit);
  return rows.map(toRun);
}

function toRun(row: typeof retentionRuns.$inferSelect): RetentionRun {
  return {
    id: row.id,
    askedBy: row.askedBy,
    isDryRun: row.isDryRun,
    askedAt: isoOf(row.askedAt),
    startedAt: row.startedAt && isoOf(row.startedAt),
    finishedAt: row.finishedAt && isoOf(row.finishedAt),
    report: (row.report as RetentionReport | null) ?? null,
    failure: row.failure,
  };
}

function isoOf(at: string): string {
  return new Date(at).toISOString();
}

/** Takes the lock of whoever lets things go, which lives as long as the connection; false while another worker has it. */
export async function tryToRetain(executor: Executor): Promise<boolean> {
  const { rows } = await executor.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_lock(hashtext('meldesync-retention')) as taken`,
  );
  return rows[0]?.taken === true;
}

/** A run that a worker has taken up. */
export interface BegunRun {
  readonly id: number;
  readonly isDryRun: boolean;
}

/**
 * Begins the next run, for whoever holds the lock: one that was asked for, or that a worker which ended left, or one that is due because the last
 * one began so long ago. Undefined when there is nothing to do.
 */
export async function beginRetention(
  executor: Executor,
  { dueAfterHours }: { readonly dueAfterHours: number },
): Promise<BegunRun | undefined> {
  if (dueAfterHours > 0)
    await executor.execute(sql`
      insert into retention_runs (asked_by, is_dry_run)
      select 'system', false where not exists (
        select from retention_runs where not is_dry_run
          and (finished_at is null or started_at > now() - make_interval(secs => ${dueAfterHours * 3_600})))`);
  const [next] = await executor
    .select({ id: retentionRuns.id, isDryRun: retentionRuns.isDryRun })
    .from(retentionRuns)
    .where(isNull(retentionRuns.finishedAt))
    .orderBy(retentionRuns.id)
    .limit(1);
  if (next) await executor.update(retentionRuns).set({ startedAt: sql`now()` }).where(eq(retentionRuns.id, next.id));
  return next;
}

/** Ends a run, with what became of it. */
export async function endRetention(
  executor: Executor,
  id: number,
  outcome: { readonly report: RetentionReport; readonly failure: string | null },
): Promise<void> {
  const { report, failure } = outcome;
  await executor
    .update(retentionRuns)
    .set({ finishedAt: sql`clock_timestamp()`, report: { ...report }, failure })
    .where(eq(retentionRuns.id, id));
}
