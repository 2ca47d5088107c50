import { createServer } from 'node:http';
import { ResourceStack } from '@meldesync/lifecycle';
import { residentBytes } from '../../scripts/lib/resident-bytes.mjs';
import type { BenchContext } from './context.ts';
import { cpuSeconds } from './measure/cpu-time.ts';
import { measureOnAndOff } from './measure/on-and-off.ts';
import { connectClients, runStretch } from './stretch.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const TELEMETRY_OPTIONS = { clients: 200, rate: 20, seconds: 15, rounds: 2 };

type Options = typeof TELEMETRY_OPTIONS;

/** What recording may cost: CPU of an edit, by its share, and milliseconds at p99. */
const LIMITS = { cpuRatio: 1.1, p99DeltaMs: 1 };
const RECORDS = 1_000;
const WARM_UP_SECONDS = 8;
/** More often than Prometheus, which asks every 15 s (deploy/observability). */
const SCRAPE_EVERY_MS = 5_000;
const MEGABYTE = 1024 * 1024;

/** One stretch with or without telemetry. */
interface Measured {
  /** CPU for one edit, in milliseconds: both nodes, relay and worker, and all of them. */
  readonly cpuMs: { readonly nodes: number; readonly relay: number; readonly worker: number; readonly all: number };
  readonly p99Ms: number;
  readonly isWhole: boolean;
  /** Requests with spans that arrived; none without telemetry. */
  readonly exports: number;
  /** Resident memory at the end, in bytes. */
  readonly memory: { readonly node: number; readonly relay: number; readonly worker: number };
}

/**
 * Measures what traces and metrics cost: the same edits with everything on (10 % head sampling, OTLP to a receiver, `/metrics` read
 * every 5 s) and off, in turns. Prints CPU an edit, p99 and memory.
 * @returns whether every client applied every edit once, and the cost is within its limits
 */
export async function runTelemetry(context: BenchContext, options: Options): Promise<boolean> {
  const measured = await measureOnAndOff(options.rounds, (name, isOn) => measure(context, options, name, isOn));
  const { on, off } = measured;
  console.log(
    measured.table([
      ['CPU an edit, ms', ({ cpuMs }) => cpuMs.all],
      ['of which nodes', ({ cpuMs }) => cpuMs.nodes],
      ['relay', ({ cpuMs }) => cpuMs.relay],
      ['worker', ({ cpuMs }) => cpuMs.worker],
      ['p99 on every client, ms', ({ p99Ms }) => p99Ms],
      ['exports of spans', ({ exports }) => exports],
      ['node, MB', ({ memory }) => memory.node / MEGABYTE],
      ['relay, MB', ({ memory }) => memory.relay / MEGABYTE],
      ['worker, MB', ({ memory }) => memory.worker / MEGABYTE],
    ]),
  );
  const cpuRatio = measured.ratio(({ cpuMs }) => cpuMs.all);
  const p99DeltaMs = measured.difference(({ p99Ms }) => p99Ms);
  const isWhole = [...off, ...on].every((one) => one.isWhole);
  const isTraced = on.every(({ exports }) => exports > 0);
  console.log(
    `\n${options.clients} clients, ${options.rate} edits/s for ${options.seconds} s, ${options.rounds} rounds of each; ` +
      `allowed: ${LIMITS.cpuRatio} of the CPU, ${LIMITS.p99DeltaMs} ms${isTraced ? '' : '; no spans arrived'}\n`,
  );
  console.log(JSON.stringify({ benchmark: 'telemetry', cpuRatio, p99DeltaMs, isWhole, isTraced, ...options }));
  return isWhole && isTraced && cpuRatio <= LIMITS.cpuRatio && p99DeltaMs <= LIMITS.p99DeltaMs;
}

async function measure(context: BenchContext, options: Options, name: string, isOn: boolean): Promise<Measured> {
  await using stack = new ResourceStack();
  context.step(`Starting relay, worker and two nodes: ${name}`);
  const receiver = isOn ? stack.use(await startSink()) : undefined;
  const settings = receiver
    ? {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      }
    : { OTEL_SDK_DISABLED: 'true' };
  const system = stack.use(await startMeldesync(context, { records: RECORDS, settings }));
  if (isOn) stack.use(scrape(system));
  const processes = await connectClients(context, stack, system, options.clients);
  await runStretch(processes, system, { ...options, seconds: WARM_UP_SECONDS });
  context.step(`Measuring for ${options.seconds} s: ${name}`);
  const used = () =>
    Promise.all([system.nodePids, [system.relayPid], [system.workerPid]].map((pids) => cpuSeconds(pids)));
  const before = await used();
  const { everyClient, edits, lost, duplicated, disconnects } = await runStretch(processes, system, options);
  const after = await used();
  const [nodes = 0, relay = 0, worker = 0] = after.map(
    (seconds, part) => ((seconds - (before[part] ?? 0)) * 1_000) / edits,
  );
  return {
    cpuMs: { nodes, relay, worker, all: nodes + relay + worker },
    p99Ms: everyClient.p99,
    isWhole: lost === 0 && duplicated === 0 && disconnects === 0,
    exports: receiver?.exports() ?? 0,
    memory: {
      node: residentBytes(system.nodePids[0] ?? 0),
      relay: residentBytes(system.relayPid),
      worker: residentBytes(system.workerPid),
    },
  };
}

/** Takes whatever is sent to it, and counts the requests with spans. */
async function startSink(): Promise<AsyncDisposable & { readonly url: string; exports(): number }> {
  let exports = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.url === '/v1/traces') exports++;
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    exports: () => exports,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function scrape({ nodes, relays }: Meldesync): Disposable {
  const parts = [...nodes, ...relays];
  const timer = setInterval(() => {
    for (const { adminUrl } of parts) {
      // One that is ending answers no more; whether it did its work is seen by the edits.
      fetch(`${adminUrl}/metrics`).then(
        (response) => response.text(),
        () => undefined,
      );
    }
  }, SCRAPE_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
