import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BegunRun,
  countDeletedHistory,
  countEvents,
  countImportRows,
  countOld,
  cutChanges,
  cutEvents,
  cutImportRows,
  cutOld,
  type Database,
  listMonths,
  type Month,
  readDeletedHistory,
  readEvents,
  readToldCuts,
  sqlState,
} from '@meldesync/db';
import { RETAINED, type Retained, type RetentionLine, type RetentionReport } from '@meldesync/protocol';
import { type ArchiveFile, createArchive } from './archive-file.ts';
import { endOf, type RetentionPolicy } from './policy.ts';

/** So many rows go in one transaction. */
const BATCH = 5_000;
/** After each it pauses as long as that took: it takes half of one processor at most. */
const PAUSE_FACTOR = 1;
/** A month goes at a moment at which its table is free; so often it is tried, a little later each time. */
const TRIES = 20;
const LOCK_NOT_AVAILABLE = '55P03';

/** How what is on record is kept. */
export interface RetentionRules {
  readonly policy: RetentionPolicy;
  /** Where entries of the trail are kept once they go from the database; undefined: nowhere. */
  readonly archiveFolder: string | undefined;
  /** Entries of the trail go also where nothing keeps them. */
  readonly mayDropUnarchived: boolean;
}

interface RunContext extends RetentionRules {
  readonly database: Database;
  readonly run: BegunRun;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** Carries a run out, kind by kind; of a dry run it only counts. Throws where Postgres or the archive fails: what went until then is on record. */
export async function retain(
  context: Omit<RunContext, 'now'>,
  onLine: (line: RetentionLine) => void,
): Promise<RetentionReport> {
  const startedMs = performance.now();
  const run = { ...context, now: new Date() };
  const lines: RetentionLine[] = [];
  for (const of of RETAINED) {
    const before = endOf(run.policy, of, run.now);
    const done = before === undefined ? { count: 0, stays: null } : await WAYS[of](run, before);
    const line = { of, keeps: run.policy[of], stays: done.stays, count: await countOf(run, of, done) };
    lines.push(line);
    onLine(line);
  }
  return { lines, tookMs: Math.round(performance.now() - startedMs) };
}

type Outcome = Pick<RetentionLine, 'count' | 'stays'>;

/** What went is on record: a run that was begun again finds less to do than it has done. */
async function countOf({ database, run }: RunContext, of: Retained, done: Outcome): Promise<number> {
  if (run.isDryRun) return done.count;
  return (await readToldCuts(database.drizzle, run.id)).get(of) ?? 0;
}

const WAYS: Readonly<Record<Retained, (context: RunContext, before: Date) => Promise<Outcome>>> = {
  operations: (context, before) => retainOld(context, 'operations', before),
  conflicts: (context, before) => retainOld(context, 'conflicts', before),
  'import-rows': retainImportRows,
  events: retainEvents,
  changes: retainChanges,
};

async function retainOld(context: RunContext, what: 'operations' | 'conflicts', before: Date): Promise<Outcome> {
  const { database, run } = context;
  if (run.isDryRun) return { count: await countOld(database.drizzle, what, before), stays: null };
  let count = 0;
  for (;;) {
    const gone = await paced(context, () => cutOld(database.drizzle, what, { run: run.id, before, most: BATCH }));
    count += gone;
    if (gone < BATCH) return { count, stays: null };
  }
}

async function retainImportRows(context: RunContext, before: Date): Promise<Outcome> {
  const { database, run } = context;
  let count = 0;
  for (const month of await listMonths(database.drizzle, 'import_rows', before)) {
    if (run.isDryRun) count += await countImportRows(database.drizzle, month);
    else {
      const gone = await onceFree(context, () => cutImportRows(database.drizzle, run.id, month));
      if (gone === undefined) return { count, stays: 'busy' };
      count += gone;
    }
  }
  return { count, stays: null };
}

async function retainEvents(context: RunContext, before: Date): Promise<Outcome> {
  const { database, run } = context;
  let count = 0;
  for (const month of await listMonths(database.drizzle, 'events', before)) {
    const { going, unsealed } = await countEvents(database.drizzle, month);
    if (going === 0) continue;
    if (unsealed > 0) return { count, stays: 'not-sealed' };
    if (!mayGo(context)) return { count, stays: 'not-archived' };
    if (!run.isDryRun) {
      const archive = await archiveMonth(context, month, going);
      const cut = await onceFree(context, async () => {
        await cutEvents(database, { run: run.id, month, count: going, archive });
        return true;
      });
      if (!cut) return { count, stays: 'busy' };
    }
    count += going;
  }
  return { count, stays: null };
}

async function archiveMonth(context: RunContext, month: Month, expected: number): Promise<string | null> {
  const { database } = context;
  await using archive = await openArchive(context, `events-${month}`);
  if (!archive) return null;
  let written = 0;
  for (let above = '0'; ; ) {
    const entries = await readEvents(database.drizzle, month, { above, most: BATCH });
    await archive.append(entries);
    written += entries.length;
    const last = entries.at(-1);
    if (!last || entries.length < BATCH) break;
    above = last.id;
  }
  if (written !== expected) throw new Error(`of ${expected} events of a month the archive has ${written}`);
  return archive.name;
}

async function retainChanges(context: RunContext, before: Date): Promise<Outcome> {
  const { database, run } = context;
  const due = await countDeletedHistory(database.drizzle, before);
  if (due > 0 && !mayGo(context)) return { count: 0, stays: 'not-archived' };
  if (run.isDryRun || due === 0) return { count: due, stays: null };
  await using archive = await openArchive(context, `changes-${context.now.toISOString().slice(0, 10)}`);
  let count = 0;
  for (;;) {
    const gone = await paced(context, async () => {
      const entries = await readDeletedHistory(database.drizzle, before, BATCH);
      if (entries.length === 0) return 0;
      await archive?.append(entries);
      const ids = entries.map(({ id }) => id);
      await cutChanges(database, { run: run.id, entries: ids, archive: archive?.name ?? null });
      return ids.length;
    });
    if (gone === 0) return { count, stays: null };
    count += gone;
  }
}

/** Entries of the trail go once something keeps them, or it was said that nothing needs to. */
function mayGo({ archiveFolder, mayDropUnarchived }: RetentionRules): boolean {
  return archiveFolder !== undefined || mayDropUnarchived;
}

async function openArchive({ archiveFolder, database }: RunContext, name: string): Promise<ArchiveFile | undefined> {
  return archiveFolder === undefined ? undefined : createArchive(archiveFolder, name, database);
}

/** Runs a batch, then leaves the database to others for a while. */
async function paced(context: RunContext, batch: () => Promise<number>): Promise<number> {
  const startedMs = performance.now();
  const gone = await batch();
  if (gone > 0) await sleep((performance.now() - startedMs) * PAUSE_FACTOR, undefined, { signal: context.signal });
  return gone;
}

/** Runs what waits for a table for a moment only, until it is free; undefined when it is not. */
async function onceFree<T>(context: RunContext, run: () => Promise<T>): Promise<T | undefined> {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      return await run();
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      await sleep(200 * tries, undefined, { signal: context.signal });
    }
  }
  return undefined;
}
