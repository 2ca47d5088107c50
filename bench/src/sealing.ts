import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@meldesync/db';
import { ResourceStack } from '@meldesync/lifecycle';
import { eventually, runSql } from '@meldesync/testkit';
import type { BenchContext } from './context.ts';
import { cpuSeconds } from './measure/cpu-time.ts';
import { LatencyHistogram } from './measure/latency-histogram.ts';
import { measureOnAndOff } from './measure/on-and-off.ts';
import { postgresCpuSeconds } from './measure/postgres-cpu.ts';
import { round } from './measure/table.ts';
import { connectClients, runStretch } from './stretch.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const SEALING_OPTIONS = { clients: 200, rate: 20, transactions: 2_000, seconds: 15, rounds: 2 };

type Options = typeof SEALING_OPTIONS;

const RECORDS = 1_000;
const WARM_UP_SECONDS = 8;
/** Of who makes the transactions. */
const CONNECTIONS = 24;
/** What is left of the stretch is sealed by then. */
const PATIENCE_MS = 60_000;

/** One stretch of edits, and one of transactions, with or without sealing. */
interface Measured {
  /** From the commit of an edit until every client has applied it, in milliseconds. */
  readonly p99Ms: number;
  readonly isWhole: boolean;
  /** Of the single-edit transactions: how many a second, how long one took, CPU for one of Postgres and worker, in milliseconds. */
  readonly perSecond: number;
  readonly transactionP99Ms: number;
  readonly cpuMs: number;
  /** Of which the worker's. */
  readonly workerMs: number;
  /** How old the oldest entry of a batch was when it was sealed, of all batches; null without sealing. */
  readonly sealLagMs: number | null;
}

/**
 * Measures what sealing the trail costs: the same edits of clients, then so many transactions a second of one edit each, with sealing on and
 * off, in turns.
 * @returns whether every client applied every edit once, and everything was sealed
 */
export async function runSealing(context: BenchContext, options: Options): Promise<boolean> {
  const measured = await measureOnAndOff(options.rounds, (name, isOn) => measure(context, options, name, isOn));
  const { on, off } = measured;
  console.log(
    measured.table([
      ['p99 of an edit on every client, ms', ({ p99Ms }) => p99Ms],
      ['transactions a second', ({ perSecond }) => perSecond],
      ['p99 of a transaction, ms', ({ transactionP99Ms }) => transactionP99Ms],
      ['CPU a transaction, ms', ({ cpuMs }) => cpuMs],
      ['of which worker', ({ workerMs }) => workerMs],
      ['oldest when sealed, ms', ({ sealLagMs }) => sealLagMs ?? 0],
    ]),
  );
  const isWhole = [...off, ...on].every((one) => one.isWhole);
  console.log(
    `\n${options.clients} clients, ${options.rate} edits/s for ${options.seconds} s, then ${options.transactions} transactions/s for as long; ${options.rounds} rounds of each\n`,
  );
  console.log(
    JSON.stringify({
      benchmark: 'sealing',
      p99DeltaMs: measured.difference(({ p99Ms }) => p99Ms),
      transactionP99DeltaMs: measured.difference(({ transactionP99Ms }) => transactionP99Ms),
      cpuRatio: measured.ratio(({ cpuMs }) => cpuMs),
      sealLagMs: round(Math.max(...on.map(({ sealLagMs }) => sealLagMs ?? 0))),
      transactionsPerSecond: measured.whileOn(({ perSecond }) => perSecond),
      isWhole,
      ...options,
    }),
  );
  return isWhole;
}

async function measure(context: BenchContext, options: Options, name: string, isOn: boolean): Promise<Measured> {
  await using stack = new ResourceStack();
  context.step(`Starting relay, worker and two nodes: ${name}`);
  const settings = { AUDIT_SEAL_INTERVAL_MS: isOn ? '1000' : '0' };
  const system = stack.use(await startMeldesync(context, { records: RECORDS, settings }));
  const processes = await connectClients(context, stack, system, options.clients);
  await runStretch(processes, system, { ...options, seconds: WARM_UP_SECONDS });
  context.step(`Edits of clients for ${options.seconds} s: ${name}`, 'trial');
  const { everyClient, lost, duplicated, disconnects } = await runStretch(processes, system, options);
  context.step(`Transactions for ${options.seconds} s: ${name}`);
  const transactions = await transact(context, system, options);
  if (isOn) await eventually(() => requireSealed(system), PATIENCE_MS);
  return {
    p99Ms: everyClient.p99,
    isWhole: lost === 0 && duplicated === 0 && disconnects === 0,
    ...transactions,
    sealLagMs: isOn ? await sealLag(system) : null,
  };
}

/** Edits of one record each, in a transaction of its own, past the application: what Postgres and worker do with them. */
async function transact(
  context: BenchContext,
  system: Meldesync,
  { transactions, seconds }: Options,
): Promise<Pick<Measured, 'perSecond' | 'transactionP99Ms' | 'cpuMs' | 'workerMs'>> {
  await using database = connectDatabase({
    url: system.ownerUrl,
    maxConnections: CONNECTIONS,
    applicationName: 'meldesync-bench-transactions',
    onConnectionError: context.fail,
  });
  const { rows } = await database.drizzle.execute<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid ?? 0;
  const used = () => Promise.all([postgresCpuSeconds(pid), cpuSeconds([system.workerPid])]);
  const histogram = new LatencyHistogram();
  const count = transactions * seconds;
  const before = await used();
  const startedMs = performance.now();
  let next = 0;
  // By the clock, as far as the connections are free: what waits for one would say nothing about Postgres.
  const work = async () => {
    for (let index = next++; index < count; index = next++) {
      const waitMs = startedMs + (index * 1_000) / transactions - performance.now();
      if (waitMs > 1) await sleep(waitMs, undefined, { signal: context.signal });
      const id = system.records[index % system.records.length] ?? 0;
      const askedMs = performance.now();
      await database.drizzle.execute(`update records set note = 'n${index}' where id = ${id}`);
      histogram.record(performance.now() - askedMs);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const tookMs = performance.now() - startedMs;
  const after = await used();
  const [postgres = 0, worker = 0] = after.map((value, part) => ((value - (before[part] ?? 0)) * 1_000) / count);
  return {
    perSecond: (count * 1_000) / tookMs,
    transactionP99Ms: histogram.summary().p99,
    cpuMs: postgres + worker,
    workerMs: worker,
  };
}

async function requireSealed({ ownerUrl }: Meldesync): Promise<void> {
  const [left] = await runSql(
    ownerUrl,
    `select 1 from changes c where not exists (select from audit_leaves l where l.source = 'c' and l.entry = c.id) limit 1`,
  );
  if (left !== undefined) throw new Error('something is not sealed');
}

/** Of all batches but those of the beginning, which were written before anybody sealed. */
async function sealLag({ ownerUrl }: Meldesync): Promise<number> {
  const [row] = await runSql(
    ownerUrl,
    `select max(extract(epoch from s.at - c.at) * 1000)::float8 as ms from audit_seals s
     join audit_leaves l on l.seal = s.no join changes c on l.source = 'c' and c.id = l.entry where s.first_txid is not null`,
  );
  return Number(row?.['ms'] ?? 0);
}
