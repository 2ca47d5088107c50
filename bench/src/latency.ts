import { ResourceStack } from '@meldesync/lifecycle';
import type { ClientProcess, ClientReport } from './clients/client-process.ts';
import type { EditSeen } from './clients/delivery-tally.ts';
import type { BenchContext } from './context.ts';
import { LatencyHistogram, type LatencySummary } from './measure/latency-histogram.ts';
import { formatTable, round } from './measure/table.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const LATENCY_OPTIONS = { clients: 200, rate: 20, seconds: 30 };

type Options = typeof LATENCY_OPTIONS;
type Clients = Remote<ClientProcess>;

/** Target of p99, in milliseconds. */
const TARGET_MS = 25;
/** The clients share these, so that none shares an event loop with a server. */
const CLIENT_PROCESSES = 2;
const RECORDS = 1_000;
const WARM_UP_SECONDS = 8;

/** One stretch of edits, as all clients saw it. */
interface Stretch {
  /** Until the last client had applied an edit, for each edit. */
  readonly everyClient: LatencySummary;
  /** Until one client had applied one edit, for each pair. */
  readonly oneClient: LatencySummary;
  /** Edits that a client never applied, or applied more than once: counted for each client. */
  readonly lost: number;
  readonly duplicated: number;
  readonly disconnects: number;
}

/**
 * Measures the time from the commit of an edit until every client has applied it, and prints it. The edits are made by
 * the clients themselves, through both nodes.
 * @returns whether every client applied every edit exactly once
 */
export async function runLatency(context: BenchContext, options: Options): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(await startMeldesync(context, { records: RECORDS }));
  const processes: Clients[] = [];
  for (let index = 1; index <= CLIENT_PROCESSES; index++) {
    const file = new URL('./clients/client-process.ts', import.meta.url);
    processes.push(stack.use(startRemote<ClientProcess>(context, { name: `clients-${index}`, file, isServer: false })));
  }
  context.step(`Connecting ${options.clients} clients`);
  await Promise.all(
    processes.map((process, index) =>
      process.call('connect', {
        urls: system.urls,
        tokens: system.people.map((person) => person.token),
        workspace: system.workspace,
        clients: share(options.clients, index),
      }),
    ),
  );
  context.step(`Warming up for ${WARM_UP_SECONDS} s`, 'trial');
  const warmUp = await runStretch(processes, system, { ...options, seconds: WARM_UP_SECONDS });
  context.step(`Measuring for ${options.seconds} s`);
  const measured = await runStretch(processes, system, options);
  const lost = warmUp.lost + measured.lost;
  const duplicated = warmUp.duplicated + measured.duplicated;
  print(options, { ...measured, lost, duplicated });
  return lost === 0 && duplicated === 0 && measured.disconnects === 0;
}

async function runStretch(processes: readonly Clients[], system: Meldesync, options: Options): Promise<Stretch> {
  const made = await Promise.all(
    processes.map((process, index) =>
      process.call('edit', {
        records: system.records.filter((_, position) => position % processes.length === index),
        perSecond: options.rate / processes.length,
        seconds: options.seconds,
      }),
    ),
  );
  const edits = made.reduce((sum, count) => sum + count, 0);
  await Promise.all(processes.map((process) => process.call('settle', { edits })));
  const reports = await Promise.all(processes.map((process) => process.call('report', null)));
  return summarise(reports, { edits, clients: options.clients });
}

function summarise(reports: readonly ClientReport[], expected: { edits: number; clients: number }): Stretch {
  const everyClient = new LatencyHistogram();
  const oneClient = new LatencyHistogram();
  const last = new Map<string, EditSeen>();
  let delivered = 0;
  let duplicated = 0;
  for (const { edits, latencies } of reports) {
    oneClient.add(latencies);
    for (const edit of edits) {
      delivered += edit.clients;
      duplicated += edit.repeated;
      const key = `${edit.record}@${edit.version}`;
      if ((last.get(key)?.lastMs ?? 0) < edit.lastMs) last.set(key, edit);
    }
  }
  for (const { lastMs, atMs } of last.values()) everyClient.record(lastMs - atMs);
  return {
    everyClient: everyClient.summary(),
    oneClient: oneClient.summary(),
    lost: expected.edits * expected.clients - delivered,
    duplicated,
    disconnects: Math.max(...reports.map((report) => report.disconnects)),
  };
}

function print(options: Options, { everyClient, oneClient, lost, duplicated, disconnects }: Stretch): void {
  const row = (name: string, summary: LatencySummary) => [
    name,
    ...[summary.p50, summary.p95, summary.p99, summary.max].map((ms) => round(ms).toFixed(2)),
    String(summary.samples),
  ];
  console.log(
    formatTable([
      ['from commit until applied, ms', 'p50', 'p95', 'p99', 'max', 'samples'],
      row('on every client', everyClient),
      row('on one client', oneClient),
    ]),
  );
  console.log(
    `\n${options.clients} clients on two nodes, ${options.rate} edits/s for ${options.seconds} s; ` +
      `lost ${lost}, duplicated ${duplicated}, disconnects ${disconnects}`,
  );
  console.log(`p99 on every client is ${everyClient.p99 < TARGET_MS ? 'under' : 'OVER'} ${TARGET_MS} ms\n`);
  console.log(
    JSON.stringify({
      benchmark: 'latency',
      ...rounded(everyClient),
      ...options,
      lost,
      duplicated,
      disconnects,
      oneClient: rounded(oneClient),
    }),
  );
}

function rounded({ p50, p95, p99, max, samples }: LatencySummary): LatencySummary {
  return { p50: round(p50), p95: round(p95), p99: round(p99), max: round(max), samples };
}

/** How many of the clients a process opens. */
function share(clients: number, index: number): number {
  return Math.floor(clients / CLIENT_PROCESSES) + (index < clients % CLIENT_PROCESSES ? 1 : 0);
}
