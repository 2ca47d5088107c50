import { ResourceStack } from '@meldesync/lifecycle';
import type { BenchContext } from './context.ts';
import type { LatencySummary } from './measure/latency-histogram.ts';
import { formatTable, round } from './measure/table.ts';
import { connectClients, runStretch, type Stretch } from './stretch.ts';
import { startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const LATENCY_OPTIONS = { clients: 200, rate: 20, seconds: 30 };

type Options = typeof LATENCY_OPTIONS;

/** Target of p99, in milliseconds. */
const TARGET_MS = 25;
const RECORDS = 1_000;
const WARM_UP_SECONDS = 8;

/**
 * Measures the time from the commit of an edit until every client has applied it, and prints it. The edits are made by
 * the clients themselves, through both nodes.
 * @returns whether every client applied every edit exactly once
 */
export async function runLatency(context: BenchContext, options: Options): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(await startMeldesync(context, { records: RECORDS }));
  const processes = await connectClients(context, stack, system, options.clients);
  context.step(`Warming up for ${WARM_UP_SECONDS} s`, 'trial');
  const warmUp = await runStretch(processes, system, { ...options, seconds: WARM_UP_SECONDS });
  context.step(`Measuring for ${options.seconds} s`);
  const measured = await runStretch(processes, system, options);
  const lost = warmUp.lost + measured.lost;
  const duplicated = warmUp.duplicated + measured.duplicated;
  print(options, { ...measured, lost, duplicated });
  return lost === 0 && duplicated === 0 && measured.disconnects === 0;
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
