// Tries collector.yaml with a Collector: does it take the configuration, keep the traces that it ought to, and name metrics as our
// rules do? `npm run observe -- --validate-collector PATH`. It uses the ports of the configuration, on the loopback address.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  LIBRARY_METRICS,
  METRICS,
  type MetricDefinition,
  PROCESS_METRICS,
  prometheusSeries,
} from '@meldesync/telemetry';
import { metricsRequest, type SampleMetric, type SampleTrace, spanNames, tracesRequest } from './otlp.ts';

const CONFIGURATION = fileURLToPath(new URL('../collector.yaml', import.meta.url));
const RECEIVER = 'http://127.0.0.1:4318';
const HEALTH = 'http://127.0.0.1:13133';
const SCRAPED = 'http://127.0.0.1:8889/metrics';
const PATIENCE_MS = 60_000;
const VALIDATE_MS = 30_000;

/** So many quick traces that a tenth of them is nearly surely between the two bounds. */
const QUICK = 2_000;
const KEPT_OF_QUICK = { least: 120, most: 280 };
const OF_EACH = 50;
const TRACES: readonly SampleTrace[] = [
  ...Array.from({ length: QUICK }, () => ({ name: 'quick', durationMs: 20, failed: false })),
  ...Array.from({ length: OF_EACH }, () => ({ name: 'slow', durationMs: 150, failed: false })),
  ...Array.from({ length: OF_EACH }, () => ({ name: 'failed', durationMs: 20, failed: true })),
];

const SAMPLES: readonly SampleMetric[] = [
  ...Object.entries<MetricDefinition>(METRICS).map(([name, { kind, unit }]) => ({ name, kind, unit })),
  ...Object.entries({ ...LIBRARY_METRICS, ...PROCESS_METRICS }).map(([name, { kind, unit }]) => ({ name, kind, unit })),
];

/** A decision after a second, traces in JSON to us, and no log of what is well. */
const CHANGES = `processors: { tail_sampling: { decision_wait: 1s } }
exporters: { otlp_http: { encoding: json, compression: none } }
service: { telemetry: { logs: { level: warn } } }
`;

/** What a Collector hands on to Tempo, counted by the names of its spans. */
async function receiveTraces(): Promise<{ server: Server; port: number; kept: Map<string, number> }> {
  const kept = new Map<string, number>();
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        for (const name of spanNames(body)) kept.set(name, (kept.get(name) ?? 0) + 1);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the receiver has no port');
  return { server, port: address.port, kept };
}

async function post(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${RECEIVER}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} is answered ${response.status}: ${await response.text()}`);
}

/** Waits for a condition; an error that names it where the Collector ends or nothing comes of it. */
async function until(
  what: string,
  collector: ChildProcess,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (collector.exitCode !== null) throw new Error(`the Collector ended with ${collector.exitCode}`);
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(100);
  }
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function tryTraces(collector: ChildProcess, kept: ReadonlyMap<string, number>): Promise<void> {
  await post('/v1/traces', tracesRequest(TRACES));
  const count = (name: string) => kept.get(name) ?? 0;
  // One batch holds them all: when the slow ones are there, the quick ones are.
  await until('all slow and failed traces are kept', collector, () => {
    return count('slow') === OF_EACH && count('failed') === OF_EACH && count('quick') >= KEPT_OF_QUICK.least;
  });
  if (count('quick') > KEPT_OF_QUICK.most) throw new Error(`${count('quick')} of ${QUICK} quick traces were kept`);
  process.stdout.write(
    `traces    ${OF_EACH} slow and ${OF_EACH} failed are kept, and ${count('quick')} of ${QUICK} others\n`,
  );
}

async function tryMetrics(collector: ChildProcess): Promise<void> {
  await post('/v1/metrics', metricsRequest(SAMPLES));
  const wanted = SAMPLES.flatMap(({ name, kind, unit }) => prometheusSeries(name, { kind, unit }));
  let missing = wanted;
  await until('the metrics can be scraped', collector, async () => {
    const scraped = await fetch(SCRAPED).then((response) => response.text());
    const names = new Set(scraped.split('\n').map((line) => /^[a-zA-Z_:][\w:]*/.exec(line)?.[0]));
    missing = wanted.filter((name) => !names.has(name));
    return names.has('meldesync_messages_total');
  });
  if (missing.length > 0) throw new Error(`the Collector has other names for ${missing.join(', ')}`);
  process.stdout.write(
    `metrics   ${SAMPLES.length}, in ${wanted.length} series, have the names that rules and dashboards use\n`,
  );
}

/** Runs the Collector with the configuration as it is, but for `CHANGES`. */
async function tryIt(program: string): Promise<void> {
  const { server, port, kept } = await receiveTraces();
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-collector-'));
  const changes = join(folder, 'changes.yaml');
  writeFileSync(changes, CHANGES);
  const collector = spawn(program, ['--config', CONFIGURATION, '--config', changes], {
    env: { ...process.env, TRACES_ENDPOINT: `http://127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    collector.on('close', () => resolve());
    collector.on('error', () => resolve());
  });
  try {
    await until('the Collector is up', collector, () => answers(HEALTH));
    await tryTraces(collector, kept);
    await tryMetrics(collector);
  } finally {
    collector.kill('SIGTERM');
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [program] = process.argv.slice(2);
if (program === undefined) throw new Error('which Collector?');
const { status, error } = spawnSync(program, ['validate', '--config', CONFIGURATION], {
  stdio: 'inherit',
  timeout: VALIDATE_MS,
});
if (error) throw error;
if (status !== 0) throw new Error('the Collector refuses the configuration');
process.stdout.write('validate  the Collector takes the configuration\n');
await tryIt(program);
